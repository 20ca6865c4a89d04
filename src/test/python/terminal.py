"""Runs a program on a pseudo-terminal, enters text and waits for text.

Reads one JSON object from standard input: "command", "environment", "steps" and "output", the name of a file. A step is
one of {"expect": TEXT}, {"enter": TEXT}, {"resize": [ROWS, COLUMNS]}. The text that the program wrote goes to the file;
its exit status is that of this program, or 99 if a text did not come within the limit.
"""

import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

LIMIT_SECONDS = 120
SILENT = 99


class Terminal:
    def __init__(self, command, environment):
        self.text = b""
        self.seen = 0
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            # A shell in the background ignores it, and its children inherit that.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.environ.update(environment)
            os.execvp(command[0], command)
        self.resize(24, 80)

    def resize(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds):
        """Reads what is there; false at the end."""
        if not select.select([self.master], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.master, 65536)
        except OSError:  # the program has closed its side
            data = b""
        self.text += data
        return bool(data)

    def expect(self, text):
        wanted = text.encode()
        end = time.monotonic() + LIMIT_SECONDS
        while (at := self.text.find(wanted, self.seen)) < 0:
            if time.monotonic() > end or not self.read(0.2):
                return False
        self.seen = at + len(wanted)
        return True

    def enter(self, text):
        os.write(self.master, text.encode())

    def status(self):
        end = time.monotonic() + LIMIT_SECONDS
        while self.read(0.2):
            if time.monotonic() > end:
                os.kill(self.pid, 9)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def main():
    task = json.load(sys.stdin)
    terminal = Terminal(task["command"], task["environment"])
    missing = None
    for step in task["steps"]:
        (kind, value), = step.items()
        if kind == "expect" and not terminal.expect(value):
            missing = value
            os.kill(terminal.pid, 9)
            break
        if kind == "enter":
            terminal.enter(value)
        if kind == "resize":
            terminal.resize(*value)
    status = terminal.status()
    with open(task["output"], "wb") as file:
        file.write(terminal.text)
    if missing is not None:
        sys.stderr.write("did not appear: %r\n" % missing)
        sys.exit(SILENT)
    sys.exit(status if status >= 0 else 128 - status)


main()
