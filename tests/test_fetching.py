"""Fetching from a real Dovecot on a loopback port: read-only, only what is new, nothing lost when it breaks."""

import grp
import json
import os
import pwd
import shutil
import socket
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from innspill import fetching
from innspill.cli import app
from innspill.errors import FetchError
from innspill.fetching import STATE, FetchOptions, MailboxAddress, Secret, fetch, parse_address, stored_secret

DOVECOT = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
PASSWORD = "blåbær og fløte"
SECRET = Secret(PASSWORD)
HEAD = "From: Kåre Ås <kare@heia.example>\r\nTo: innspill@radet.example\r\n"


def why_not() -> str:
    """Why no Dovecot can be started here; empty where one can."""
    if DOVECOT is None:
        return "Dovecot (Debian's dovecot-imapd) is not installed"
    version = subprocess.run([DOVECOT, "--version"], capture_output=True, text=True, timeout=30).stdout
    return "" if version.startswith("2.3.") else f"the settings here are for Dovecot 2.3, not {version.split()[0]}"


needs_dovecot = pytest.mark.skipif(bool(why_not()), reason=why_not())


def letter(number: int, text: str = "Vi saknar noko om beredskap på sjukehusa.") -> bytes:
    return f"{HEAD}Subject: Innspill {number}\r\nMessage-ID: <{number}@heia.example>\r\n\r\n{text}\r\n".encode()


# The server ----------------------------------------------------------------------------------------------------------


@dataclass
class Server:
    """A Dovecot with one account; its mailboxes are Maildir folders that the tests write into."""

    maildir: Path
    port: int
    tls_port: int
    ca_file: Path
    owner: str

    @property
    def address(self) -> MailboxAddress:
        return MailboxAddress("imaps", "kari", "localhost", self.tls_port, "INBOX")

    @property
    def options(self) -> FetchOptions:
        return FetchOptions(ca_file=self.ca_file, timeout_s=10)

    def fetch(self, folder: Path, **changes: str | int) -> fetching.Fetched:
        return fetch(replace(self.address, **changes), folder, secret=SECRET, options=self.options)

    def put(self, number: int, *, mailbox: str = "", data: bytes | None = None, received: int = 1_789_000_000) -> None:
        """Lay a message into the mailbox, unread."""
        folder = self.maildir / mailbox
        for name in ("new", "cur", "tmp"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        file = folder / "new" / f"{received}.M{number}.heia"
        file.write_bytes(data or letter(number))
        os.utime(file, (received, received))
        self.own(self.maildir, folder, file, *(folder / name for name in ("new", "cur", "tmp")))

    def own(self, *paths: Path) -> None:
        for path in paths if os.geteuid() == 0 else ():
            shutil.chown(path, self.owner)

    def contents(self) -> dict[str, bytes]:
        """Every message file with its flags (behind «:2,» in the name), as it lies on the server."""
        return {
            file.name: file.read_bytes() for file in self.maildir.rglob("*.heia*") if file.parent.name in ("new", "cur")
        }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that signs itself, and its key."""
    certificate, key = folder / "cert.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return certificate, key


def configuration(folder: Path, server: Server, key: Path) -> str:
    """Settings for a Dovecot 2.3 that runs as whoever starts it; started by root, it reads the mail as nobody."""
    group = grp.getgrgid(pwd.getpwnam(server.owner).pw_gid).gr_name
    return f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{server.ca_file}
ssl_key = <{key}
mail_location = maildir:{server.maildir}
mail_fsync = never
default_internal_user = {server.owner}
default_login_user = {server.owner}
default_internal_group = {group}
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={server.owner} gid={group} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {server.port}
  }}
  inet_listener imaps {{
    port = {server.tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
"""


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Server]:
    """One Dovecot for all the tests of this file; each begins with an empty account (`server`)."""
    # Not pytest's own folder: nobody must reach it, and the paths of its sockets must be short.
    folder = Path(tempfile.mkdtemp(prefix="inn-", dir="/tmp"))
    folder.chmod(0o755)
    owner = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    certificate, key = make_certificate(folder)
    server = Server(folder / "Maildir", free_port(), free_port(), certificate, owner)
    (folder / "home").mkdir()
    (folder / "users").write_text(f"kari:{{PLAIN}}{PASSWORD}\n", encoding="utf-8")
    (folder / "conf").write_text(configuration(folder, server, key), encoding="utf-8")
    command = [str(DOVECOT), "-F", "-c", str(folder / "conf")]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_port(server.tls_port, process, folder / "log")
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=15)
        shutil.rmtree(folder, ignore_errors=True)


def await_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    pytest.fail(f"Dovecot did not start: {said[-2000:]}")


@pytest.fixture
def server(dovecot: Server) -> Server:
    shutil.rmtree(dovecot.maildir, ignore_errors=True)
    dovecot.maildir.mkdir()
    dovecot.own(dovecot.maildir)
    return dovecot


def emls(folder: Path) -> list[bytes]:
    return sorted(file.read_bytes() for file in folder.glob("*.eml"))


# Read-only -----------------------------------------------------------------------------------------------------------


@needs_dovecot
def test_the_bytes_on_the_server_are_the_bytes_in_the_folder(server: Server, tmp_path: Path) -> None:
    hard = HEAD.encode() + b"Subject: \xf8\xe5\r\n\r\nFrom her: bl\xe5b\xe6r\x00 \xff og .\r\n.\r\n"
    server.put(1, data=hard)
    assert server.fetch(tmp_path / "mail").n_new == 1
    # Dovecot itself writes NUL as 0x80, as IMAP asks of servers.
    assert emls(tmp_path / "mail") == [hard.replace(b"\x00", b"\x80")]


@needs_dovecot
def test_nothing_is_marked_or_deleted_on_the_server(server: Server, tmp_path: Path) -> None:
    from imapclient import IMAPClient

    for number in range(1, 4):
        server.put(number)
    server.fetch(tmp_path / "mail")
    with IMAPClient("127.0.0.1", port=server.port, ssl=False, timeout=10) as client:
        client.plain_login("kari", PASSWORD)
        client.select_folder("INBOX", readonly=True)
        flags = client.get_flags(client.search("ALL"))
    assert [set(found) - {b"\\Recent"} for found in flags.values()] == [set(), set(), set()]
    assert sorted(server.contents().values()) == [letter(1), letter(2), letter(3)]


# What is new ---------------------------------------------------------------------------------------------------------


@needs_dovecot
def test_a_second_fetch_takes_only_what_is_new(server: Server, tmp_path: Path) -> None:
    server.put(1)
    server.put(2)
    server.fetch(tmp_path / "mail")
    untouched = {file.name: file.stat().st_mtime_ns for file in (tmp_path / "mail").glob("*.eml")}
    server.put(3)
    again = server.fetch(tmp_path / "mail")
    assert (again.n_new, again.n_known, again.notes) == (1, 2, ())
    assert emls(tmp_path / "mail") == [letter(1), letter(2), letter(3)]
    assert all((tmp_path / "mail" / name).stat().st_mtime_ns == mtime for name, mtime in untouched.items())


@needs_dovecot
def test_a_message_deleted_on_the_server_stays_in_the_folder(server: Server, tmp_path: Path) -> None:
    server.put(1)
    server.fetch(tmp_path / "mail")
    for file in server.maildir.rglob("*.heia*"):
        file.unlink()
    again = server.fetch(tmp_path / "mail")
    assert (again.n_new, emls(tmp_path / "mail")) == (0, [letter(1)])


@needs_dovecot
def test_a_mailbox_numbered_anew_is_looked_through_again_and_nothing_is_stored_twice(
    server: Server, tmp_path: Path
) -> None:
    server.put(1)
    server.put(2)
    server.fetch(tmp_path / "mail")
    state = json.loads((tmp_path / "mail" / STATE).read_text(encoding="utf-8"))
    time.sleep(1.1)  # Dovecot numbers by the second
    for file in server.maildir.glob("dovecot*"):
        file.unlink()
    server.put(3)
    again = server.fetch(tmp_path / "mail")
    new_state = json.loads((tmp_path / "mail" / STATE).read_text(encoding="utf-8"))
    assert new_state["mailboxes"][0]["uidvalidity"] != state["mailboxes"][0]["uidvalidity"]
    assert (again.n_new, again.n_known) == (1, 2)
    assert emls(tmp_path / "mail") == [letter(1), letter(2), letter(3)]
    assert "numbered INBOX anew" in again.notes[0].text
    assert server.fetch(tmp_path / "mail") == fetching.Fetched(0, 3)


@needs_dovecot
def test_mail_before_the_day_asked_for_is_left_until_it_is_asked_for(server: Server, tmp_path: Path) -> None:
    server.put(1, received=1_782_000_000)  # 21 June 2026
    server.put(2, received=1_789_000_000)  # 10 September 2026
    options = replace(server.options, since=date(2026, 9, 1))
    assert fetch(server.address, tmp_path / "mail", secret=SECRET, options=options).n_new == 1
    assert emls(tmp_path / "mail") == [letter(2)]
    assert server.fetch(tmp_path / "mail").n_new == 1


@needs_dovecot
def test_a_message_that_is_too_large_is_named_and_left(server: Server, tmp_path: Path) -> None:
    server.put(1, data=letter(1, "ø" * 5_000))
    server.put(2)
    options = replace(server.options, max_bytes=2_000)
    fetched = fetch(server.address, tmp_path / "mail", secret=SECRET, options=options)
    assert (fetched.n_new, emls(tmp_path / "mail")) == (1, [letter(2)])
    assert "1 messages are larger than 0.002 MB" in fetched.notes[0].text and "UID 1" in fetched.notes[0].text
    assert server.fetch(tmp_path / "mail").n_new == 1


@needs_dovecot
def test_more_messages_than_one_batch_are_all_fetched(server: Server, tmp_path: Path) -> None:
    for number in range(60):
        server.put(number)
    steps: list[tuple[int, int]] = []
    fetch(
        server.address, tmp_path / "mail", secret=SECRET, options=server.options,
        progress=lambda done, total: steps.append((done, total)),
    )  # fmt: skip
    assert len(emls(tmp_path / "mail")) == 60
    assert steps == [(25, 60), (50, 60), (60, 60)]


# Folders -------------------------------------------------------------------------------------------------------------


@needs_dovecot
def test_a_folder_with_norwegian_letters_is_found_by_its_percent_encoded_name(server: Server, tmp_path: Path) -> None:
    server.put(1, mailbox=".H&APg-ring.p&AOU- nynorsk")
    url = f"imaps://kari@localhost:{server.tls_port}/H%C3%B8ring.p%C3%A5%20nynorsk"
    fetched = fetch(parse_address(url), tmp_path / "mail", secret=SECRET, options=server.options)
    assert (fetched.n_new, emls(tmp_path / "mail")) == (1, [letter(1)])


@needs_dovecot
def test_two_mailboxes_in_one_folder_do_not_mix(server: Server, tmp_path: Path) -> None:
    server.put(1)
    server.put(2, mailbox=".Svar")
    for _ in range(2):
        server.fetch(tmp_path / "mail")
        server.fetch(tmp_path / "mail", mailbox="Svar")
    assert emls(tmp_path / "mail") == [letter(1), letter(2)]


@needs_dovecot
def test_an_unknown_folder_is_an_error_that_names_those_there_are(server: Server, tmp_path: Path) -> None:
    server.put(1, mailbox=".H&APg-ring")
    with pytest.raises(FetchError, match=r"no folder 'Horing'\. Its folders: .*Høring"):
        server.fetch(tmp_path / "mail", mailbox="Horing")


# Who may read --------------------------------------------------------------------------------------------------------


@needs_dovecot
def test_what_is_fetched_is_for_its_owner_alone(server: Server, tmp_path: Path) -> None:
    server.put(1)
    server.fetch(tmp_path / "mail")
    modes = {stat.S_IMODE(item.stat().st_mode) for item in (tmp_path / "mail").iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "mail").stat().st_mode) == 0o700


@needs_dovecot
def test_the_password_is_neither_in_the_folder_nor_in_an_error(server: Server, tmp_path: Path) -> None:
    server.put(1)
    server.fetch(tmp_path / "mail")
    written = b"".join(file.read_bytes() for file in (tmp_path / "mail").iterdir())
    assert PASSWORD.encode() not in written
    wrong = Secret("feil ord på plass")
    with pytest.raises(FetchError, match=r"did not accept the password for kari \(AUTHENTICATIONFAILED\)") as caught:
        fetch(server.address, tmp_path / "mail", secret=wrong, options=server.options)
    assert wrong.value not in f"{caught.value}{caught.value.__cause__}{wrong!r}"


@needs_dovecot
def test_a_certificate_that_nobody_vouches_for_is_refused(server: Server, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"certificate of localhost:\d+ is not trusted .*--ca-file"):
        fetch(server.address, tmp_path / "mail", secret=SECRET, options=FetchOptions(timeout_s=10))


@needs_dovecot
def test_a_certificate_for_another_host_is_refused(server: Server, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="is not trusted"):
        server.fetch(tmp_path / "mail", host="127.0.0.1")


# Connections that break ----------------------------------------------------------------------------------------------


class Cutter:
    """Passes bytes between a client and Dovecot, and cuts the line after `n_bytes` from the server."""

    def __init__(self, port: int, n_bytes: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._target, self._left = port, n_bytes
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        client, _ = self._listener.accept()
        upstream = socket.create_connection(("127.0.0.1", self._target), timeout=10)
        client.settimeout(10)
        threading.Thread(target=self._pass_on, args=(client, upstream), daemon=True).start()
        try:
            while self._left > 0 and (data := upstream.recv(min(4096, self._left))):
                client.sendall(data)
                self._left -= len(data)
        finally:
            for one in (client, upstream):
                one.shutdown(socket.SHUT_RDWR)
                one.close()

    @staticmethod
    def _pass_on(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(4096):
                target.sendall(data)
        except OSError:
            return

    def close(self) -> None:
        self._listener.close()
        self._thread.join(timeout=15)


@needs_dovecot
def test_after_a_lost_connection_the_next_fetch_goes_on(server: Server, tmp_path: Path) -> None:
    for number in range(60):
        server.put(number, data=letter(number, "æøå " * 500))
    cutter = Cutter(server.port, 130_000)
    address = replace(server.address, scheme="imap", host="127.0.0.1", port=cutter.port)
    with pytest.raises(FetchError, match=r"connection to 127\.0\.0\.1:\d+ was lost .* goes on there"):
        fetch(address, tmp_path / "mail", secret=SECRET, options=server.options)
    cutter.close()
    kept = emls(tmp_path / "mail")
    assert 0 < len(kept) < 60 and all(data.endswith(b"\r\n") and len(data) > 3_000 for data in kept)
    address = replace(address, port=server.port)
    again = fetch(address, tmp_path / "mail", secret=SECRET, options=server.options)
    assert (again.n_new, again.n_known) == (60 - len(kept), len(kept))
    assert emls(tmp_path / "mail") == sorted(letter(number, "æøå " * 500) for number in range(60))


@needs_dovecot
def test_files_that_a_crash_left_out_of_the_state_are_known_again(server: Server, tmp_path: Path) -> None:
    server.put(1)
    server.fetch(tmp_path / "mail")
    (tmp_path / "mail" / STATE).write_text("{halv", encoding="utf-8")
    again = server.fetch(tmp_path / "mail")
    assert (again.n_new, again.n_known) == (0, 1)
    assert "cannot be read and was made anew" in again.notes[0].text


@needs_dovecot
def test_files_that_were_taken_out_of_the_folder_are_named_and_not_fetched_again(
    server: Server, tmp_path: Path
) -> None:
    server.put(1)
    server.put(2)
    server.fetch(tmp_path / "mail")
    next((tmp_path / "mail").glob("*-1.eml")).unlink()
    again = server.fetch(tmp_path / "mail")
    assert (again.n_new, emls(tmp_path / "mail")) == (0, [letter(2)])
    assert "1 messages that were fetched before lie here no more" in again.notes[0].text


def test_a_server_that_is_silent_is_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = MailboxAddress("imap", "kari", "127.0.0.1", silent.getsockname()[1], "INBOX")
        with pytest.raises(FetchError, match=r"gave no answer within 0\.2 s"):
            fetch(address, tmp_path / "mail", secret=SECRET, options=FetchOptions(timeout_s=0.2))


def test_a_server_that_is_not_there_is_an_error_that_names_it(tmp_path: Path) -> None:
    address = MailboxAddress("imaps", "kari", "127.0.0.1", free_port(), "INBOX")
    with pytest.raises(FetchError, match=r"127\.0\.0\.1:\d+ cannot be reached"):
        fetch(address, tmp_path / "mail", secret=SECRET, options=FetchOptions(timeout_s=5))


def test_a_server_that_talks_nonsense_is_an_error(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            client, _ = listener.accept()
            client.sendall("hei på deg\r\n".encode())
            client.close()

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        address = MailboxAddress("imap", "kari", "127.0.0.1", listener.getsockname()[1], "INBOX")
        with pytest.raises(FetchError, match="cannot be reached"):
            fetch(address, tmp_path / "mail", secret=SECRET, options=FetchOptions(timeout_s=5))
        thread.join(timeout=10)


@pytest.mark.parametrize(
    ("examined", "expected"),
    [
        (b"* 3 EXISTS\r\n%s OK ferdig\r\n", "does not number the messages of 'INBOX' for good"),
        (b"%s NO finst ikkje\r\n", r"Its folders: Arkiv, Rar\\x1b\[2J\."),
    ],
    ids=["no UIDVALIDITY", "control characters in a folder's name"],
)
def test_a_mailbox_that_cannot_be_opened_is_an_error_that_shows_no_control_characters(
    examined: bytes, expected: str, tmp_path: Path
) -> None:
    answers = {
        b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n%s OK ferdig\r\n",
        b"LIST": b'* LIST () "/" "Arkiv"\r\n* LIST () "/" "Rar\x1b[2J"\r\n%s OK ferdig\r\n',
        b"EXAMINE": examined,
    }
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            client, _ = listener.accept()
            with client, client.makefile("rb") as lines:
                client.sendall(b"* OK hei\r\n")
                for line in lines:
                    tag, command, *_ = line.split()
                    client.sendall(answers.get(command, b"%s OK ferdig\r\n") % tag)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        address = MailboxAddress("imap", "kari", "127.0.0.1", listener.getsockname()[1], "INBOX")
        with pytest.raises(FetchError, match=expected):
            fetch(address, tmp_path / "mail", secret=Secret("hemmeleg"), options=FetchOptions(timeout_s=5))
        thread.join(timeout=10)


def test_no_password_is_sent_to_another_machine_without_encryption(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[bytes] = []
    monkeypatch.setattr(fetching, "_is_loopback", lambda host: False)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            client, _ = listener.accept()
            with client, client.makefile("rb") as lines:
                client.sendall(b"* OK hei\r\n")
                for line in lines:
                    heard.append(line)
                    tag = line.split()[0]
                    client.sendall(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n" + tag + b" OK ferdig\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        address = MailboxAddress("imap", "kari", "127.0.0.1", listener.getsockname()[1], "INBOX")
        with pytest.raises(FetchError, match=r"offers no encryption .* Use imaps://"):
            fetch(address, tmp_path / "mail", secret=SECRET, options=FetchOptions(timeout_s=5))
        thread.join(timeout=10)
    assert not any(b"AUTH" in line or b"LOGIN" in line for line in heard)


# Addresses and passwords ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("imaps://kari@imap.heia.example", MailboxAddress("imaps", "kari", "imap.heia.example", 993, "INBOX")),
        ("imap://k%C3%A5re@localhost:1143/INBOX/", MailboxAddress("imap", "kåre", "localhost", 1143, "INBOX")),
        (
            "imaps://kari@heia.example@imap.heia.example/INBOX/H%C3%B8yringssvar%202026",
            MailboxAddress("imaps", "kari@heia.example", "imap.heia.example", 993, "INBOX/Høyringssvar 2026"),
        ),
    ],
)  # fmt: skip
def test_an_address_tells_account_host_and_folder(url: str, expected: MailboxAddress) -> None:
    assert parse_address(url) == expected


@pytest.mark.parametrize(
    "url",
    ["kari@heia.example", "https://kari@heia.example/INBOX", "imaps://heia.example/INBOX", "imaps://kari@h.example:x/",
     "imaps://kari@heia.example/INBOX%0D%0AA1%20LOGOUT", "imaps://kari@h.example/INBOX?alt", ""],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_with_the_form_to_give(url: str) -> None:
    with pytest.raises(FetchError, match="imaps://user@host/INBOX"):
        parse_address(url)


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(FetchError, match="holds a password") as caught:
        parse_address("imaps://kari:bringebær@heia.example/INBOX")
    assert "bringebær" not in str(caught.value)


def test_a_token_in_the_environment_goes_before_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    address = parse_address("imaps://kari@heia.example")
    monkeypatch.setenv(fetching.PASSWORD_VARIABLE, PASSWORD)
    assert stored_secret(address) == Secret(PASSWORD)
    monkeypatch.setenv(fetching.TOKEN_VARIABLE, "eyJ")
    assert stored_secret(address) == Secret("eyJ", "token")


def test_the_keyring_is_asked_for_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = pytest.importorskip("keyring")
    for variable in (fetching.PASSWORD_VARIABLE, fetching.TOKEN_VARIABLE):
        monkeypatch.delenv(variable, raising=False)
    kept = {("innspill", "kåre@heia.example"): PASSWORD}
    monkeypatch.setattr(keyring, "get_password", lambda service, user: kept.get((service, user)))
    assert stored_secret(parse_address("imaps://k%C3%A5re@heia.example")) == Secret(PASSWORD)
    assert stored_secret(parse_address("imaps://per@heia.example")) is None


# The command ---------------------------------------------------------------------------------------------------------


@needs_dovecot
def test_the_command_fetches_and_says_how_many(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(fetching.PASSWORD_VARIABLE, PASSWORD)
    server.put(1)
    url = f"imaps://kari@localhost:{server.tls_port}/INBOX"
    command = ["fetch", url, "-o", str(tmp_path / "mail"), "--ca-file", str(server.ca_file)]
    first, second = CliRunner().invoke(app, command), CliRunner().invoke(app, command)
    assert "fetched 1 new, 0 already here" in first.output
    assert "fetched 0 new, 1 already here" in second.output


def test_without_a_terminal_the_command_says_where_the_password_can_come_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("innspill.fetching.stored_secret", lambda address: None)
    result = CliRunner().invoke(app, ["fetch", "imaps://kari@heia.example", "-o", str(tmp_path)])
    assert isinstance(result.exception, FetchError) and "Set INNSPILL_IMAP_PASSWORD" in str(result.exception)
    assert result.exception.exit_code == 7
