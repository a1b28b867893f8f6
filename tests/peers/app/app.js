// What the app does once the browser is back: finishes the launch, asks its questions, shows the answers, and tells in
// JSON what it got and what it was refused.
const told = { answers: {}, refused: {} };

function show(selector, text) {
  document.querySelector(selector).append(text);
}

function line(text) {
  const item = document.createElement("li");
  item.textContent = text;
  show("#answers", item);
}

async function ask(client, question) {
  const url = question.replaceAll("{patient}", client.patient.id ?? "none");
  try {
    const answer = await client.request(url, { pageLimit: 0, flat: true });
    const got = [answer].flat();
    told.answers[question] = got;
    line(`${question}: ${got.length}`);
  } catch (error) {
    told.refused[question] = { status: error.status ?? error.statusCode ?? null, message: error.message };
    line(`${question}: refused, ${error.status ?? error.message}`);
  }
}

try {
  const { questions } = await (await fetch("settings")).json();
  const client = await FHIR.oauth2.ready();
  const first = client.state.tokenResponse.access_token;
  const { access_token: _access, refresh_token: refresh, id_token: _id, ...rest } = client.state.tokenResponse;
  Object.assign(told, { token: rest, mayRefresh: Boolean(refresh), user: client.user.fhirUser, patient: client.patient.id });
  show("#who", `Patient ${client.patient.id}`);
  for (const question of questions) await ask(client, question);
  if (refresh) {
    try {
      const renewed = await client.refresh();
      told.renewed = renewed.tokenResponse.access_token !== first;
    } catch (error) {
      told.renewed = error.message;
    }
    await ask(client, questions[0]);
  }
  // For whoever looks at the page later: the same questions once more.
  globalThis.again = async () => {
    Object.assign(told, { answers: {}, refused: {} });
    for (const question of questions) await ask(client, question);
    return { answers: told.answers, refused: told.refused };
  };
} catch (error) {
  told.failed = error.message;
}
document.querySelector("#told").textContent = JSON.stringify(told);
document.documentElement.dataset.done = told.failed ? "failed" : "yes";
