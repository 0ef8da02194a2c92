"""Commands that touch the world: never divided, moved, repeated or retried."""

import re

from leashc.behaviour import EFFECTFUL, Behaviour
from leashc.invocation import Invocation
from leashc.operators import judge, operator

_REASONS = {
    "it changes files": """rm rmdir mv cp ln mkdir mkfifo mktemp touch chmod chown install truncate
        shred rsync sponge patch""",
    "it writes files": "split csplit",
    "it speaks with another machine": "curl wget ssh scp sftp nc ftp aws gsutil",
    "it runs another command": """env sudo nice nohup time timeout stdbuf setsid flock watch
        parallel""",
    "it runs a program that leashc cannot read": """sh bash dash zsh perl python python3 ruby node
        php lua""",
    "it acts on processes": "kill pkill killall",
    "it reads or writes a database": "sqlite3 psql mysql",
}
# They may as well run leashc.
_AROUND = ("env", "nice", "nohup", "setsid", "time", "timeout")
REASONS = {name: reason for reason, names in _REASONS.items() for name in names.split()}


@operator(*REASONS, options=None)
def effectful(cmd: Invocation) -> Behaviour:
    """Touches the world."""
    remedy = f"{cmd.name} … leashc run …" if judge(_inner(cmd)).wide else ""
    return EFFECTFUL.because(REASONS[cmd.name], remedy)


def _inner(cmd: Invocation) -> tuple[str, ...]:
    """What a command of _AROUND runs, if that is plain to see; else the command itself."""
    words = cmd.arguments if cmd.name in _AROUND else ()
    plain = (at for at, word in enumerate(words) if not re.match(r"-|\d|\w+=", word))
    return words[next(plain, len(words)) :] or ("true",)
