"""Files handed to the commands: `loa restore`, `loa import` and, where there is one,
`loa preview`.
"""

import subprocess
import time
from pathlib import Path
from random import Random

from tests.fuzz import files
from tests.fuzz.calls import Answer
from tests.system.servers import LOA

ENDED, REFUSED, CRASHED = 200, 400, 500  # as a web address would tell of it
PATIENCE_S = 120
SUFFIXES = (".txt", ".html", ".docx", ".pdf", ".rtf", "", ".tar.gz")


class Commands:
    """`loa` on the home of a service that runs, and on homes that are empty. Files lie
    in `folder`.
    """

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder, self._environment = folder, environment
        folder.mkdir(parents=True, exist_ok=True)

    def restore(self, random: Random, n: int) -> Answer:
        """An archive put into an empty home; outside of that home nothing may appear."""
        around = self._folder / f"restore-{n}"
        around.mkdir()
        source = around / "backup.tar.gz"
        source.write_bytes(files.archive(random))
        environment = self._environment | {"LOA_HOME": str(around / "home")}
        answer = self._run(["restore", str(source)], environment)
        strangers = {path.name for path in around.iterdir()} - {"home", source.name}
        escaped = strangers or Path("/tmp/loa-fuzz-out.txt").exists()
        return Answer(CRASHED, b"it wrote outside of its home") if escaped else answer

    def take(self, command: list[str], random: Random, count: int) -> list[Answer]:
        """Files handed in together, as `command` takes them; each is answered by how the command
        ends.
        """
        paths = []
        for n in range(count):
            name = f"{command[0]}-{n}{random.choice(SUFFIXES)}"
            path = self._folder / name
            path.write_bytes(
                random.choice((files.document, files.archive, files.sound))(random)
            )
            paths.append(str(path))
        return [self._run([*command, *paths], self._environment)] * count

    def knows(self, command: str) -> bool:
        """Whether there is such a command."""
        return self._run([command, "--help"], self._environment).status == ENDED

    def _run(self, arguments: list[str], environment: dict[str, str]) -> Answer:
        begun = time.monotonic()
        try:
            done = subprocess.run(
                [*LOA, *arguments],
                env=environment,
                capture_output=True,
                timeout=PATIENCE_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Answer(0, b"it did not end", time.monotonic() - begun)
        crashed = done.returncode not in (0, 1, 2) or b"Traceback" in done.stderr
        status = CRASHED if crashed else ENDED if done.returncode == 0 else REFUSED
        return Answer(status, done.stderr, time.monotonic() - begun)
