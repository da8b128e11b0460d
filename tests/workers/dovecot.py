"""A real IMAP server (Dovecot) with one mailbox, in a folder of its own."""

import os
import shutil
import subprocess
import tempfile
from imaplib import IMAP4
from pathlib import Path

from tests.system.servers import free_port, listening, need, wait_for

NOBODY = 65534  # the account that reads the mail: Dovecot never lets root do it
PASSWORD = "mật-khẩu thư"
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
first_valid_uid = 0
passdb {{
  driver = passwd-file
  args = scheme=plain {folder}/users
}}
userdb {{
  driver = static
  args = uid={nobody} gid={nobody} home={folder}/home
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {secure}
    ssl = yes
  }}
}}
"""


class Dovecot:
    """The server; letters are laid into its one mailbox."""

    user = "mai@xa.example"

    def __init__(self, certificate=""):
        # Its login processes are another account's: below pytest's own folder they would reach
        # nothing.
        folder = self.folder = Path(tempfile.mkdtemp(prefix="loa-dovecot-"))
        folder.chmod(0o755)
        for name in ("mail", "home"):
            (folder / name).mkdir()
            os.chown(folder / name, NOBODY, NOBODY)
        self.port = free_port()
        plain, secure = (0, self.port) if certificate else (self.port, 0)
        (folder / "users").write_text(f"{self.user}:{PASSWORD}\n", encoding="utf-8")
        configuration = CONFIGURATION.format(
            folder=folder,
            ssl="required" if certificate else "no",
            certificate=certificate,
            nobody=NOBODY,
            plain=plain,
            secure=secure,
        )
        (folder / "dovecot.conf").write_text(configuration, encoding="utf-8")
        command = [
            need("dovecot", "dovecot-imapd"),
            "-F",
            "-c",
            folder / "dovecot.conf",
        ]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
        )
        wait_for(lambda: listening(self.port))

    def put(self, *letters):
        """Lays letters into the mailbox, as another server would."""
        with IMAP4("127.0.0.1", self.port) as client:
            client.authenticate(
                "PLAIN", lambda _: f"\0{self.user}\0{PASSWORD}".encode()
            )
            for letter in letters:
                client.append("INBOX", None, None, letter)

    def flags(self):
        """The flags of all letters."""
        with IMAP4("127.0.0.1", self.port) as client:
            client.authenticate(
                "PLAIN", lambda _: f"\0{self.user}\0{PASSWORD}".encode()
            )
            client.select("INBOX", readonly=True)
            return client.fetch("1:*", "(FLAGS)")[1]

    def close(self):
        self.process.terminate()
        self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)
