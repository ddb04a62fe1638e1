"""Fetch a mailbox over IMAP, read-only: one .eml file a message, with the bytes as they lie on the server.

The only room that speaks to a network. It opens the mailbox with EXAMINE and reads with BODY.PEEK[], so that nothing is
marked as read, moved or deleted. Files are named by UIDVALIDITY and UID, never by anything out of a mail.
"""

import hashlib
import ipaddress
import json
import os
import re
import ssl
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import unquote, urlsplit

from innspill.errors import FetchError, listed
from innspill.private_files import write_private
from innspill.records import Note

if TYPE_CHECKING:
    from imapclient import IMAPClient

STAGE = "fetch"
STATE = ".innspill-fetch.json"
STATE_VERSION = 1
PASSWORD_VARIABLE, TOKEN_VARIABLE = "INNSPILL_IMAP_PASSWORD", "INNSPILL_IMAP_TOKEN"
KEYRING_SERVICE = "innspill"
PORTS = {"imaps": 993, "imap": 143}
# What the mail readers take in; a larger one would be fetched only to be left out.
MAX_MESSAGE = 100_000_000
TIMEOUT_S = 60.0
# One FETCH asks for so much, so that a lost connection costs little and memory stays bounded.
BATCH_MESSAGES, BATCH_BYTES = 25, 10_000_000
# Sizes are asked for so many messages at a time: a command line has a limit on servers.
SIZES_AT_ONCE = 500
RESPONSE_CODE = re.compile(r"\[([A-Z][A-Z-]{2,40})\]")
MAILBOX_IN_ERROR = 80
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class MailboxAddress:
    """Where a mailbox lies: ``imaps://user@host:port/folder``, taken apart."""

    scheme: Literal["imaps", "imap"]
    user: str
    host: str
    port: int
    mailbox: str

    @property
    def account(self) -> str:
        """``user@host``, the name of the account in the state file and in the system's keyring."""
        return f"{self.user}@{self.host}"


@dataclass(frozen=True, slots=True)
class Secret:
    """What opens the account: a password, or an OAuth2 access token. Never shown, logged or stored."""

    value: str = field(repr=False)
    kind: Literal["password", "token"] = "password"


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """How to fetch.

    Attributes:
        since: Only messages that the server received on this day or later; None for all.
        ca_file: Certificates to trust beside the system's, in PEM.
        max_bytes: Messages larger than this are left on the server, with a note.
        timeout_s: Seconds without an answer after which the connection counts as lost.
    """

    since: date | None = None
    ca_file: Path | None = None
    max_bytes: int = MAX_MESSAGE
    timeout_s: float = TIMEOUT_S


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a fetch did: files written, messages that were here before, and notes on what was left out."""

    n_new: int
    n_known: int
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class _Taken:
    """What of a mailbox is in a folder. `prefix` tells the files of several mailboxes in one folder apart."""

    account: str
    mailbox: str
    uid_validity: int
    uids: frozenset[int]
    prefix: str = ""

    def file_name(self, uid: int) -> str:
        return f"{self.prefix}{self.uid_validity}-{uid}.eml"


def parse_address(url: str) -> MailboxAddress:
    """Take a mailbox's address apart. The folder is percent-encoded, and INBOX where there is none.

    >>> parse_address("imaps://kari@heia.example@imap.heia.example/INBOX/H%C3%B8ring").mailbox
    'INBOX/Høring'

    Raises:
        FetchError: it is not such an address, or it holds a password.
    """
    how = "Give it as imaps://user@host/INBOX, with special letters of the folder percent-encoded."
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise FetchError(f"The mailbox's address cannot be read. {how}") from error
    if parts.password is not None:
        raise FetchError(
            "The mailbox's address holds a password, which other users of this machine can read from the list of "
            f"processes and the shell's history. Change that password, leave it out, and be asked for it or set "
            f"{PASSWORD_VARIABLE}."
        )
    if parts.scheme not in PORTS or not parts.hostname or not parts.username or parts.query or parts.fragment:
        raise FetchError(f"The mailbox's address is not complete. {how}")
    scheme: Literal["imaps", "imap"] = "imaps" if parts.scheme == "imaps" else "imap"
    user, mailbox = unquote(parts.username), unquote(parts.path.strip("/")) or "INBOX"
    if any(not letter.isprintable() for letter in user + mailbox):
        raise FetchError(f"The mailbox's address holds control characters. {how}")
    return MailboxAddress(scheme, user, parts.hostname, port or PORTS[scheme], mailbox)


def stored_secret(address: MailboxAddress) -> Secret | None:
    """The token or password from the environment, else the password from the system's keyring; None: ask the user."""
    if token := os.environ.get(TOKEN_VARIABLE):
        return Secret(token, "token")
    if password := os.environ.get(PASSWORD_VARIABLE):
        return Secret(password)
    try:
        import keyring
    except ImportError:
        return None
    try:
        kept = keyring.get_password(KEYRING_SERVICE, address.account)
    except Exception:  # a machine without a keyring, or a locked one, answers in many ways: then the user is asked
        return None
    return Secret(kept) if kept else None


def fetch(
    address: MailboxAddress,
    folder: Path,
    *,
    secret: Secret,
    options: FetchOptions | None = None,
    progress: Progress | None = None,
) -> Fetched:
    """Fetch the messages of a mailbox that `folder` does not hold yet.

    Each message is written whole or not at all, and what was taken is kept in a state file in the folder, so that a
    fetch that was cut off goes on where it stopped.

    Args:
        address: The account and the mailbox.
        folder: Where the .eml files go; made where it is missing, for the user alone.
        secret: The password or token.
        options: Limits and certificates.
        progress: Called with how many of how many messages are fetched.

    Raises:
        FetchError: the account cannot be opened, the mailbox is not there, the connection is lost, or the folder
            cannot be written to.
    """
    options = options or FetchOptions()
    notes: list[Note] = []
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        known = _read_state(folder, notes)
    except OSError as error:
        raise FetchError(f"{folder} cannot be written ({error.strerror}). Give another folder with -o.") from error
    with _connection(address, options) as client:
        _log_in(client, address, secret)
        uid_validity = _examine(client, address)
        before = _of_mailbox(known, address)
        taken = _taken_up(before, uid_validity, folder, address, notes)
        seen = _digests(folder) if before.uid_validity not in (0, uid_validity) else {}
        there = sorted(client.search(["SINCE", options.since] if options.since else "ALL"))
        wanted = _within_size(client, [uid for uid in there if uid not in taken.uids], options.max_bytes, notes)
        writer = _Writer(folder, known, taken, seen)
        try:
            for batch in _batches(wanted):
                writer.write(_bodies(client, batch), batch)
                if progress is not None:
                    progress(writer.n_handled, len(wanted))
            writer.save()
        except _FolderError as error:
            raise FetchError(
                f"{folder} cannot be written ({error.reason}). Free some space or give another folder with -o; "
                f"{writer.n_new} new messages are there, and the next fetch goes on."
            ) from error
    notes += writer.notes()
    return Fetched(writer.n_new, len(taken.uids & set(there)) + writer.n_same, tuple(notes))


# The server ----------------------------------------------------------------------------------------------------------


@contextmanager
def _connection(address: MailboxAddress, options: FetchOptions) -> "Iterator[IMAPClient]":
    """A connection, encrypted unless it stays on this machine; whatever goes wrong on it is a `FetchError`."""
    try:
        from imapclient import IMAPClient
        from imapclient.exceptions import IMAPClientError
    except ImportError as error:
        raise FetchError("Fetching mail needs one more library. Install it: pip install innspill[fetch]") from error
    where = f"{address.host}:{address.port}"
    context = _tls(options.ca_file)
    client = None
    try:
        encrypted = address.scheme == "imaps"
        client = IMAPClient(
            address.host, port=address.port, ssl=encrypted, ssl_context=context if encrypted else None,
            timeout=options.timeout_s,
        )  # fmt: skip
        if not encrypted:
            _encrypt(client, address, context)
        yield client
    except ssl.SSLCertVerificationError as error:
        raise FetchError(
            f"The certificate of {where} is not trusted ({error.verify_message}), so nothing was sent. Check the "
            "host's name; where your organisation signs its own certificates, give them with --ca-file."
        ) from error
    except TimeoutError as error:
        raise FetchError(f"{where} gave no answer within {options.timeout_s:g} s. {_GOES_ON}") from error
    except (IMAPClientError, ssl.SSLError, OSError, EOFError, ValueError) as error:  # ValueError: garbled answers
        what = f"The connection to {where} was lost" if client is not None else f"{where} cannot be reached"
        raise FetchError(f"{what} ({_reason(error)}). {_GOES_ON}") from error
    finally:
        if client is not None:
            _hang_up(client)


_GOES_ON = (
    "Check the host and the network, and run the same command again: what is fetched stays, and it goes on there."
)


def _hang_up(client: "IMAPClient") -> None:
    try:
        client.logout()
    except Exception:  # the connection is gone already, or the server says goodbye in its own way
        try:
            client.shutdown()
        except Exception:
            return


def _tls(ca_file: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ssl.SSLError) as error:
            raise FetchError(f"--ca-file {ca_file} holds no certificates in PEM form that can be read.") from error
    return context


def _encrypt(client: "IMAPClient", address: MailboxAddress, context: ssl.SSLContext) -> None:
    """STARTTLS, before anything secret is sent. Only to this machine itself may a connection stay plain."""
    if _is_loopback(address.host):
        return
    if not client.has_capability("STARTTLS"):
        raise FetchError(
            f"{address.host} offers no encryption on port {address.port}, and the password would be sent for all to "
            "read. Use imaps://."
        )
    client.starttls(context)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _log_in(client: "IMAPClient", address: MailboxAddress, secret: Secret) -> None:
    from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

    try:
        if secret.kind == "token":
            client.oauth2_login(address.user, secret.value)
        elif client.has_capability("AUTH=PLAIN"):  # LOGIN takes no letters beyond ASCII in a password
            client.plain_login(address.user, secret.value)
        else:
            client.login(address.user, secret.value)
    except UnicodeEncodeError:
        raise FetchError(
            f"{address.host} takes no passwords with letters beyond a–z. Set an app password for this account."
        ) from None
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        # `from None`: what the server answers may repeat what it was sent.
        what = "token" if secret.kind == "token" else "password"
        code = RESPONSE_CODE.search(str(error))
        hint = "Microsoft 365 and Google take no plain passwords: set an app password, or a token in " + TOKEN_VARIABLE
        raise FetchError(
            f"{address.host} did not accept the {what} for {address.user}{f' ({code[1]})' if code else ''}. {hint}."
        ) from None


def _examine(client: "IMAPClient", address: MailboxAddress) -> int:
    """Open the mailbox for reading only; its UIDVALIDITY."""
    from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

    try:
        opened = client.select_folder(address.mailbox, readonly=True)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        there = [repr(str(name)[:MAILBOX_IN_ERROR])[1:-1] for _, _, name in client.list_folders()]
        raise FetchError(
            f"{address.account} has no folder {address.mailbox!r}. Its folders: {listed(there)}. "
            "Letters such as ø are written percent-encoded (%C3%B8) in the address."
        ) from error
    if b"UIDVALIDITY" not in opened:
        raise FetchError(
            f"{address.host} does not number the messages of {address.mailbox!r} for good (no UIDVALIDITY), so a later "
            "fetch could not tell which are new. Export the folder to an mbox file instead."
        )
    return int(opened[b"UIDVALIDITY"])


def _within_size(client: "IMAPClient", uids: Sequence[int], max_bytes: int, notes: list[Note]) -> dict[int, int]:
    """UID -> bytes of the messages that are not too large; a note names the others."""
    sizes: dict[int, int] = {}
    for start in range(0, len(uids), SIZES_AT_ONCE):
        answers = client.fetch(uids[start : start + SIZES_AT_ONCE], ["RFC822.SIZE"])
        sizes |= {uid: int(answer.get(b"RFC822.SIZE", 0)) for uid, answer in answers.items()}
    large = {uid for uid in uids if sizes.get(uid, 0) > max_bytes}
    if large:
        text = (
            f"{len(large)} messages are larger than {max_bytes / 1_000_000:g} MB and were left on the server (UID "
            f"{listed(sorted(large))}). Give a larger --max-mb to fetch them."
        )
        notes.append(Note("warning", STAGE, "", text))
    return {uid: sizes.get(uid, 0) for uid in uids if uid not in large}


def _batches(sizes: dict[int, int]) -> Iterator[list[int]]:
    batch: list[int] = []
    n_bytes = 0
    for uid, size in sizes.items():
        if batch and (len(batch) == BATCH_MESSAGES or n_bytes + size > BATCH_BYTES):
            yield batch
            batch, n_bytes = [], 0
        batch.append(uid)
        n_bytes += size
    if batch:
        yield batch


def _bodies(client: "IMAPClient", uids: Collection[int]) -> dict[int, bytes]:
    """UID -> the message's bytes; one that somebody deleted meanwhile is not among them."""
    answers = client.fetch(uids, ["BODY.PEEK[]"])
    bodies = {uid: answers[uid].get(b"BODY[]") for uid in uids if uid in answers}
    return {uid: body for uid, body in bodies.items() if isinstance(body, bytes)}


def _reason(error: BaseException) -> str:
    """Why a connection failed, in the system's words; what a server said is not repeated."""
    return (error.strerror if isinstance(error, OSError) else "") or type(error).__name__


# The folder ----------------------------------------------------------------------------------------------------------


class _FolderError(Exception):
    """The folder cannot be written to; apart from the errors of a connection, which are `OSError` too."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Writer:
    """Writes messages into the folder and remembers which; `save` makes the memory last."""

    def __init__(self, folder: Path, others: Sequence[_Taken], taken: _Taken, seen: dict[str, str]) -> None:
        self.n_new = self.n_same = self.n_handled = 0
        self._folder = folder
        self._others = [one for one in others if (one.account, one.mailbox) != (taken.account, taken.mailbox)]
        self._taken = taken
        self._seen = seen
        self._gone: list[int] = []

    def write(self, bodies: dict[int, bytes], asked: Sequence[int]) -> None:
        """Store a batch; the state file follows it, so that a crash costs no more than the batch."""
        for uid in asked:
            self.n_handled += 1
            if uid not in bodies:
                self._gone.append(uid)
                continue
            if self._seen and hashlib.sha256(bodies[uid]).hexdigest() in self._seen:
                self.n_same += 1
            else:
                self._store(self._taken.file_name(uid), bodies[uid])
                self.n_new += 1
        self._taken = replace(self._taken, uids=self._taken.uids.union(uid for uid in asked if uid in bodies))
        self.save()

    def save(self) -> None:
        """Write the state file."""
        content = {"version": STATE_VERSION, "mailboxes": [_as_json(one) for one in [*self._others, self._taken]]}
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        self._store(STATE, text.encode())

    def notes(self) -> Iterator[Note]:
        """What came otherwise than expected."""
        if self._gone:
            text = f"{len(self._gone)} messages were deleted on the server meanwhile (UID {listed(self._gone)})."
            yield Note("warning", STAGE, "", text)

    def _store(self, name: str, data: bytes) -> None:
        try:
            write_private(self._folder / name, data)
        except OSError as error:
            raise _FolderError(error.strerror or type(error).__name__) from error


def _of_mailbox(known: Sequence[_Taken], address: MailboxAddress) -> _Taken:
    """What is known of a mailbox. A second mailbox in the same folder gets a prefix to its files' names."""
    for one in known:
        if (one.account, one.mailbox) == (address.account, address.mailbox):
            return one
    used = {one.prefix for one in known}
    prefix = next(prefix for prefix in ("", *(f"{n}-" for n in range(2, len(known) + 3))) if prefix not in used)
    return _Taken(address.account, address.mailbox, 0, frozenset(), prefix)


def _taken_up(
    before: _Taken, uid_validity: int, folder: Path, address: MailboxAddress, notes: list[Note]
) -> _Taken:  # fmt: skip
    """What is in the folder under this UIDVALIDITY, by the state file and by the files that lie there."""
    kept = before.uids if before.uid_validity == uid_validity else frozenset()
    if before.uid_validity not in (0, uid_validity):
        text = (
            f"The server has numbered {address.mailbox} anew (UIDVALIDITY {before.uid_validity} is now "
            f"{uid_validity}). All of it was looked through again; messages that lie here were not stored twice."
        )
        notes.append(Note("warning", STAGE, "", text))
    pattern = re.compile(re.escape(f"{before.prefix}{uid_validity}-") + r"(\d+)\.eml")
    files = {int(match[1]) for match in map(pattern.fullmatch, _names(folder)) if match}
    taken = replace(before, uid_validity=uid_validity, uids=kept | files)
    stored_here = kept - files
    if stored_here and before.uid_validity == uid_validity and not _has_older_files(before, folder):
        text = (
            f"{len(stored_here)} messages that were fetched before lie here no more. They were not fetched again; "
            f"delete {STATE} to fetch all anew."
        )
        notes.append(Note("info", STAGE, "", text))
    return taken


def _has_older_files(taken: _Taken, folder: Path) -> bool:
    """Whether files of an earlier UIDVALIDITY lie in the folder, in whose place newer ones were not stored."""
    older = re.compile(re.escape(taken.prefix) + r"(\d+)-\d+\.eml")
    return any(match[1] != str(taken.uid_validity) for match in map(older.fullmatch, _names(folder)) if match)


def _names(folder: Path) -> list[str]:
    return sorted(item.name for item in folder.iterdir())


def _digests(folder: Path) -> dict[str, str]:
    """SHA-256 -> name of the messages in the folder: the same bytes hold the same Message-ID."""
    names = [name for name in _names(folder) if re.fullmatch(r"(?:\d+-)?\d+-\d+\.eml", name)]
    return {hashlib.sha256((folder / name).read_bytes()).hexdigest(): name for name in names}


def _read_state(folder: Path, notes: list[Note]) -> list[_Taken]:
    file = folder / STATE
    if not file.exists():
        return []
    try:
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return [_from_json(one) for one in content["mailboxes"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        text = f"{STATE} cannot be read and was made anew from the files that lie here."
        notes.append(Note("warning", STAGE, STATE, text))
        return []


def _as_json(taken: _Taken) -> dict[str, object]:
    return {
        "account": taken.account,
        "mailbox": taken.mailbox,
        "prefix": taken.prefix,
        "uidvalidity": taken.uid_validity,
        "uids": _as_ranges(taken.uids),
    }


def _from_json(content: dict[str, Any]) -> _Taken:
    uids = frozenset(_from_ranges(str(content["uids"])))
    prefix = str(content["prefix"])
    if not re.fullmatch(r"(?:\d{1,6}-)?", prefix):
        raise ValueError(prefix)
    return _Taken(str(content["account"]), str(content["mailbox"]), int(content["uidvalidity"]), uids, prefix)


def _as_ranges(uids: Iterable[int]) -> str:
    """UIDs as IMAP writes sets of them.

    >>> _as_ranges([4, 1, 2, 3, 9])
    '1:4,9'
    """
    ranges: list[list[int]] = []
    for uid in sorted(uids):
        if ranges and uid == ranges[-1][1] + 1:
            ranges[-1][1] = uid
        else:
            ranges.append([uid, uid])
    return ",".join(str(first) if first == last else f"{first}:{last}" for first, last in ranges)


def _from_ranges(text: str) -> Iterator[int]:
    for part in filter(None, text.split(",")):
        first, _, last = part.partition(":")
        if not 0 < int(first) <= int(last or first) < 2**32 or int(last or first) - int(first) > 10_000_000:
            raise ValueError(text)
        yield from range(int(first), int(last or first) + 1)
