"""What the programs here share: plain HTTP, talk with whoever started them, a person at a browser.

Each program prints a line of JSON for each thing that happened, and where it must wait for somebody (the owner decides,
the owner ends a grant) it reads one line from standard input.
"""

import html.parser
import http.cookiejar
import json
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

FORM = "application/x-www-form-urlencoded"


def say(step, **what):
    """Tells whoever started the program what happened."""
    print(json.dumps({"step": step, **what}), flush=True)


def hear():
    """Waits for a line; ends the program when nobody is there any more."""
    line = sys.stdin.readline()
    if not line:
        sys.exit(0)
    return line.strip()


class Answer:
    def __init__(self, status, headers, body, url):
        self.status, self.headers, self.body, self.url = status, headers, body, url

    def json(self):
        return json.loads(self.body)

    def told(self):
        """The answer in short, as the programs say it."""
        try:
            return {"status": self.status, "body": self.json()}
        except ValueError:
            return {"status": self.status, "body": self.body.decode("utf-8", "replace")}


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Http:
    """A client that follows no redirect by itself and takes every status as an answer."""

    def __init__(self):
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), _Stay(), urllib.request.HTTPCookieProcessor(self.cookies)
        )

    def __call__(self, url, method=None, headers=None, form=None, value=None):
        headers, data = dict(headers or {}), None
        if form is not None:
            data = urllib.parse.urlencode(form).encode()
            headers["Content-Type"] = FORM
        if value is not None:
            data = json.dumps(value).encode()
            headers["Content-Type"] = "application/json"
        method = method or ("POST" if data is not None else "GET")
        request = urllib.request.Request(url, data=data, headers=headers, method=method)
        try:
            with self.opener.open(request, timeout=30) as answer:
                return Answer(answer.status, answer.headers, answer.read(), url)
        except urllib.error.HTTPError as refusal:
            return Answer(refusal.code, refusal.headers, refusal.read(), url)


def register(http, endpoint, **metadata):
    """RFC 7591."""
    answer = http(endpoint, value=metadata)
    if answer.status != 201:
        raise SystemExit(f"registration: {answer.told()}")
    return answer.json()


class _Page(html.parser.HTMLParser):
    """A form of a page, with its fields, and where the page sends the browser by itself."""

    def __init__(self, text):
        super().__init__()
        self.action, self.fields, self.refresh, self.words = None, {}, None, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        if tag == "form":
            self.action = said.get("action", "")
        elif tag == "input" and "name" in said:
            self.fields[said["name"]] = said.get("value", "")
        elif tag == "meta" and said.get("http-equiv", "").lower() == "refresh":
            self.refresh = said.get("content")

    def handle_data(self, data):
        if data.strip():
            self.words.append(data.strip())


def browse(url, home, answers=None, patience=60):
    """What a person's browser does between an app and a server: follows redirects, fills in forms with `answers`, waits
    on pages that refresh themselves, until it is sent to an address that begins with `home`. Gives that address."""
    http, shown, end = Http(), set(), time.monotonic() + patience
    answer = http(url)
    while time.monotonic() < end:
        if "Location" in answer.headers:
            url = urllib.parse.urljoin(answer.url, answer.headers["Location"])
            if url.startswith(home):
                return url
            answer = http(url)
            continue
        page = _Page(answer.body.decode("utf-8", "replace"))
        words = " ".join(page.words)
        if words not in shown:
            shown.add(words)
            say("page", status=answer.status, text=words)
        if answer.status >= 400:
            raise SystemExit(f"{answer.status} at {answer.url}")
        refresh = answer.headers.get("Refresh") or page.refresh
        if page.action is not None and answers is not None:
            form = page.fields | {name: value for name, value in answers.items() if name in page.fields}
            answer = http(urllib.parse.urljoin(answer.url, page.action), form=form)
        elif refresh:
            seconds, _, then = refresh.partition(";")
            time.sleep(min(float(seconds), 1))
            then = re.sub(r"^\s*url\s*=\s*", "", then, flags=re.IGNORECASE).strip("'\" ")
            answer = http(urllib.parse.urljoin(answer.url, then))
        else:
            raise SystemExit(f"the page at {answer.url} leads nowhere")
    raise SystemExit("nobody decides")
