"""Asks the window whose title ends with the word given to close (ICCCM 4.2.8, WM_DELETE_WINDOW), as a window manager does."""

import ctypes
import ctypes.util
import sys

x = ctypes.CDLL(ctypes.util.find_library("X11"))
Window, Atom = ctypes.c_ulong, ctypes.c_ulong
x.XOpenDisplay.restype = ctypes.c_void_p
x.XDefaultRootWindow.restype = Window
x.XInternAtom.restype = Atom
for call in (x.XDefaultRootWindow, x.XSync, x.XFlush):
    call.argtypes = [ctypes.c_void_p] + ([ctypes.c_int] if call is x.XSync else [])
x.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
x.XQueryTree.argtypes = [ctypes.c_void_p, Window] + [ctypes.c_void_p] * 4
x.XFetchName.argtypes = [ctypes.c_void_p, Window, ctypes.POINTER(ctypes.c_char_p)]
x.XSendEvent.argtypes = [ctypes.c_void_p, Window, ctypes.c_int, ctypes.c_long, ctypes.c_void_p]


class Message(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int), ("display", ctypes.c_void_p),
        ("window", Window), ("message_type", Atom), ("format", ctypes.c_int), ("data", ctypes.c_long * 5),
        ("room", ctypes.c_long * 24),
    ]


display = x.XOpenDisplay(None)
protocols, delete = (x.XInternAtom(display, name, 0) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW"))


def below(window):
    yield window
    root, parent, children, count = Window(), Window(), ctypes.POINTER(Window)(), ctypes.c_uint()
    x.XQueryTree(display, window, *(ctypes.byref(at) for at in (root, parent, children, count)))
    for at in range(count.value):
        yield from below(children[at])


def title(window):
    name = ctypes.c_char_p()
    x.XFetchName(display, window, ctypes.byref(name))
    return (name.value or b"").decode("utf-8", "replace")


found = [window for window in below(x.XDefaultRootWindow(display)) if title(window).endswith(sys.argv[1])]
for window in found:
    message = Message(33, 0, 1, display, window, protocols, 32, (ctypes.c_long * 5)(delete, 0, 0, 0, 0))
    x.XSendEvent(display, window, 0, 0, ctypes.byref(message))
x.XSync(display, 0)
sys.exit(0 if found else 1)
