"""Messages -> messages without personal data: persons get stable pseudonyms, all else that points at them a label.

It stands between messages and comments, so that everything after it is clean by construction and quotes stay verbatim
of the text that it makes. What a pseudonym stands for is in a `PseudonymKey`, which is kept apart from the results; the
same key gives the same pseudonyms when more mails have come.
"""

import json
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from innspill.errors import ConsultationError
from innspill.privacy.health_details import find_health_details
from innspill.privacy.person_names import NameContext, NameFinder, find_names, folded, is_person
from innspill.privacy.personal_data import LABELS, Finding, find_identifiers, without_overlap
from innspill.private_files import write_private
from innspill.records import Cell, Message, Note, Part, ReceivedPart, Remark, Segment, Span

STAGE = "pseudonyms"
BODY = "body"
KEY_VERSION = 1
DOMAIN = "pseudonym.invalid"
# So many names of one mail are looked for by their parts too («Kari» of «Kari Lunde»); whole names are found all.
MAX_NAMED = 200
# Authors of remarks that name nobody.
NO_AUTHOR = re.compile(
    r"^(?:author|forfatter|forfattar|microsoft(?: office)? (?:user|bruker)|user|bruker|ukjent|unknown|word)?$", re.I
)
PAGE = re.compile(
    r"(?:https?://|www\.)[^\s<>\"»]{3,200}|\b(?:[\w-]{1,60}\.){1,4}(?:no|com|net|org|blog|me|eu|example)\b(?:/[^\s<>\"»]{0,200})?",
    re.I,
)
SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}$")
# Said in the digest and among the notes of the run.
PSEUDONYMISED = Note(
    "info",
    STAGE,
    "",
    "Names, addresses, numbers of persons and health details of persons are replaced by pseudonyms and labels. What is "
    "left can still tell who somebody is: read it before you pass it on. The key is kept apart.",
)


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the key. `only_in` is the mail that names somebody by one name alone, empty for whole names."""

    pseudonym: str
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    only_in: str = ""


@dataclass(frozen=True, slots=True)
class PseudonymKey:
    """What the pseudonyms of a consultation stand for. Numbers, addresses and illnesses are not in it: the mails are.

    Attributes:
        consultation: The title that the key belongs to.
        persons: Those whom the mails name or are from.
        mailboxes: Pseudonym -> address of senders that are no persons.
        files: Label -> file of each message and of files that hold several.
        attachments: ``label of the message/label`` -> file name.
    """

    consultation: str = ""
    persons: tuple[Person, ...] = ()
    mailboxes: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    attachments: Mapping[str, str] = field(default_factory=dict)


class Pseudonymiser:
    """Gives out pseudonyms over a run: messages first, then what the run has to say of them. `key` tells what for.

    Args:
        key: What is known from earlier runs; an empty one for the first.
        recogniser: Another finder of names, whose names are replaced too.
    """

    def __init__(self, key: PseudonymKey, *, recogniser: NameFinder | None = None) -> None:
        self._consultation = key.consultation
        self._people = _People(key.persons)
        self._mailboxes = {address: pseudonym for pseudonym, address in key.mailboxes.items()}
        self._labels = {file: label for label, file in key.files.items()}
        self._n_of_kind = Counter(label.rpartition("-")[0] for label in key.files)
        self._attachments = dict(key.attachments)
        self._keep: frozenset[frozenset[str]] = frozenset()
        self._mails: dict[str, _Mail] = {}
        # Each text is read for whom it names, and once more to put the pseudonyms in: a model looks at it once.
        self._recogniser = cache(recogniser) if recogniser is not None else None

    @property
    def key(self) -> PseudonymKey:
        """All pseudonyms given out so far."""
        return PseudonymKey(
            self._consultation,
            self._people.persons(),
            {pseudonym: address for address, pseudonym in self._mailboxes.items()},
            {label: file for file, label in self._labels.items()},
            dict(self._attachments),
        )

    def messages(self, messages: Sequence[Message], *, keep: Collection[str] = ()) -> tuple[Message, ...]:
        """Messages without personal data.

        Args:
            messages: As read; their texts are replaced and all spans move along.
            keep: Names that stay, such as those that the report itself holds.
        """
        self._keep = frozenset(frozenset(folded(name)) for name in keep)
        for message in messages:
            self._mails[message.file] = self._open(message)
        self._label_containers(messages)
        for mail in self._mails.values():
            self._learn(mail)
        return tuple(self._message(message, self._mails[message.file]) for message in messages)

    def notes(self, notes: Iterable[Note]) -> tuple[Note, ...]:
        """Notes on the mails, with the labels of files and without names. To be called after `messages`."""
        return tuple(self._note(note) for note in notes)

    # Whom a mail names -------------------------------------------------------------------------------------------

    def _open(self, message: Message) -> "_Mail":
        """Give the message its label and its sender a pseudonym."""
        label = self._label(message.file, "melding")
        mail = _Mail(message, label)
        name, address = message.sender_name, message.sender_email
        shown = name or re.sub(r"[\d._+-]+", " ", address.partition("@")[0]).title().strip()
        mail.is_personal = bool(shown) and is_person(shown, address)
        if mail.is_personal:
            found = [span.of(shown) for span in find_names(shown, NameContext(organisations=(message.organisation,)))]
            whole = max(found, key=len, default="") if re.search(r"[(,/|–]|\s-\s", shown) else ""
            mail.sender = whole or shown
            mail.people.append(self._people.register(mail.sender, address))
        elif address and address not in self._mailboxes:
            self._mailboxes[address] = f"avsender-{len(self._mailboxes) + 1}@{DOMAIN}"
        return mail

    def _learn(self, mail: "_Mail") -> None:
        """Find the names of a mail: first those that stand alone as names, then the words that they are made of."""
        message = mail.message
        organisation = message.organisation
        if mail.sender and set(folded(organisation)) <= set(folded(mail.sender)):
            organisation = ""
        mail.organisations = (organisation,) if organisation else ()
        mail.known = [mail.sender] if mail.sender else []
        authors = [
            remark.author for part in message.parts for remark in part.remarks if not NO_AUTHOR.match(remark.author)
        ]
        whole = [author for author in dict.fromkeys(authors) if len(folded(author)) > 1 and is_person(author)]
        mail.known += whole[: MAX_NAMED // 2]
        mentioned = [
            _without_farm(span.of(text))
            for text, context in mail.texts()
            for span in find_names(text, context, recogniser=self._recogniser)
        ]
        for name in dict.fromkeys(mentioned):
            if len(mail.known) == MAX_NAMED:
                break
            is_whole = len(folded(name)) > 1 and not re.search(r"\b\w\.", name)
            if is_whole and name not in mail.known and not self._is_kept(name, mail):
                mail.known.append(name)
        for name in dict.fromkeys([*mentioned, *authors]):
            self._number(name, mail)

    def _number(self, name: str, mail: "_Mail") -> None:
        """Give a name its person in the order of reading, a part of a name that of the whole one in the same mail."""
        if self._is_kept(name, mail):
            return
        whole = next((known for known in mail.known if known != name and _is_part(name, known)), name)
        if len(folded(whole)) > 1 and whole in mail.known:
            number = self._people.register(whole)
        else:
            number = self._people.find(name, mail.people, mail.message.file)
        mail.names_person(number)

    def _is_kept(self, name: str, mail: "_Mail") -> bool:
        """Whether the report names somebody so, and nobody who writes is called so."""
        words = folded(name)
        wanted = set(words)
        return (
            not wanted <= set(folded(mail.sender))
            and any(wanted <= kept for kept in self._keep)
            and not self._people.writes(words)
        )

    # What stands in their place ----------------------------------------------------------------------------------

    def _message(self, message: Message, mail: "_Mail") -> Message:
        names = self._attachment_labels(message, mail)
        return replace(
            message,
            file=mail.label,
            rfc_message_id="",
            sender_name=self._sender_name(mail),
            sender_email=self._sender_address(mail),
            organisation=self._organisation(mail),
            subject=self._text(message.subject, mail).text,
            parts=tuple(self._part(part, mail, names) for part in message.parts),
            received=tuple(self._received(received, mail, names) for received in message.received),
        )

    def _sender_name(self, mail: "_Mail") -> str:
        name = mail.message.sender_name
        if not mail.is_personal:
            return self._text(name, mail).text
        pseudonym = self._people.pseudonym(mail.people[0])
        if mail.sender == name or mail.sender not in name:
            return pseudonym
        return self._text(name.replace(mail.sender, "\0"), mail).text.replace("\0", pseudonym)

    def _sender_address(self, mail: "_Mail") -> str:
        address = mail.message.sender_email
        if not address:
            return ""
        return self._people.address(mail.people[0], address) if mail.is_personal else self._mailboxes[address]

    def _organisation(self, mail: "_Mail") -> str:
        """The organisation stays, without the name of the person where it bears that."""
        organisation = mail.message.organisation
        if not organisation or not mail.organisations:
            return ""
        if mail.sender and set(folded(mail.sender)) <= set(folded(organisation)):
            return self._people.pseudonym(mail.people[0])
        return organisation

    def _part(self, part: Part, mail: "_Mail", names: Mapping[str, str]) -> Part:
        made = self._text(part.text, mail, mail.context(part))
        segments = (Segment(one.kind, made.span(one.span)) for one in part.segments)
        return Part(
            name=names.get(part.name, part.name),
            text=made.text,
            segments=tuple(segment for segment in segments if len(segment.span)),
            cells=tuple(Cell(cell.column, cell.row, made.span(cell.span)) for cell in part.cells),
            remarks=tuple(self._remark(remark, made, mail) for remark in part.remarks),
        )

    def _remark(self, remark: Remark, made: "_Replaced", mail: "_Mail") -> Remark:
        author = remark.author
        if not NO_AUTHOR.match(author):
            author = (
                self._mention(author, mail) if is_person(author) or len(author) <= 4 else self._text(author, mail).text
            )
        return replace(remark, span=made.span(remark.span), anchor=made.span(remark.anchor), author=author)

    def _received(self, received: ReceivedPart, mail: "_Mail", names: Mapping[str, str]) -> ReceivedPart:
        reason = self._plain(received.reason, mail, names)
        return replace(received, name=names.get(received.name, received.name), reason=reason)

    def _note(self, note: Note) -> Note:
        mail = self._mails.get(note.file)
        names = mail.names if mail is not None else {}
        label = self._label(note.file, "postfil") if note.file else ""
        return replace(note, file=label, text=self._plain(note.text, mail, {**names, note.file: label}))

    def _plain(self, text: str, mail: "_Mail | None", names: Mapping[str, str]) -> str:
        """A sentence of the program: file names become labels, then what it quotes is looked through."""
        for name in sorted(filter(None, names), key=len, reverse=True):
            if name != BODY:
                text = text.replace(name, names[name])
        return self._text(text, mail or _NOBODY).text if text else ""

    def _text(self, text: str, mail: "_Mail", context: NameContext | None = None) -> "_Replaced":
        """A text with pseudonyms and labels, and where its offsets went."""
        if not text:
            return _Replaced(text, ())
        spans = [*find_names(text, context or mail.context(None), recogniser=self._recogniser), *self._elsewhere(text)]
        names = [span for span in spans if not self._is_kept(span.of(text), mail)]
        findings = without_overlap(
            (
                *find_identifiers(text),
                *(Finding("web", span) for span in _personal_pages(text, mail)),
                *(Finding("name", span) for span in names),
            )
        )
        persons = [finding.span for finding in findings if finding.kind == "name"]
        findings = without_overlap(
            (*findings, *(Finding("health", span) for span in find_health_details(text, persons)))
        )
        return _Replaced(
            text,
            tuple(
                (one.span, self._mention(one.span.of(text), mail) if one.kind == "name" else LABELS[one.kind])
                for one in findings
            ),
        )

    def _elsewhere(self, text: str) -> Iterator[Span]:
        """Whole names of persons whom other mails are from or name."""
        tokens = list(re.finditer(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text))
        for index, token in enumerate(tokens):
            if not token.group()[0].isupper():
                continue
            for n_words in self._people.lengths(folded(token.group())[:1]):
                end = tokens[min(index + n_words, len(tokens)) - 1].end()
                for tail in (0, 1):  # the -s of a genitive
                    if self._people.knows(folded(text[token.start() : end - tail])):
                        yield Span(token.start(), end - tail)
                        break

    def _mention(self, name: str, mail: "_Mail") -> str:
        number = self._people.find(_without_farm(name), mail.people, mail.message.file)
        mail.names_person(number)
        return self._people.pseudonym(number)

    # Labels of files ---------------------------------------------------------------------------------------------

    def _label(self, file: str, kind: str) -> str:
        if file not in self._labels:
            self._n_of_kind[kind] += 1
            self._labels[file] = f"{kind}-{self._n_of_kind[kind]:03d}"
        return self._labels[file]

    def _label_containers(self, messages: Sequence[Message]) -> None:
        """Files that hold several messages are named in run.json; they get labels too."""
        for message in messages:
            container = message.file.rpartition("#")[0]
            if container:
                self._label(container, "postfil")

    def _attachment_labels(self, message: Message, mail: "_Mail") -> dict[str, str]:
        """File name -> «vedlegg-2.docx», in the order of the message; the key remembers which is which."""
        given = [part.name for part in message.parts] + [received.name for received in message.received]
        names = [
            name for name in dict.fromkeys(given) if name and not re.fullmatch(rf"{BODY}(?:[ -]?\(?\d+\)?)?", name)
        ]
        for number, name in enumerate(names, start=1):
            suffix = SUFFIX.search(name)
            mail.names[name] = f"vedlegg-{number}{suffix.group().lower() if suffix else ''}"
            self._attachments[f"{mail.label}/{mail.names[name]}"] = name
        return mail.names


class _Mail:
    """A message at work: its sender, whom it names, and how its attachments are called."""

    def __init__(self, message: Message, label: str) -> None:
        self.message = message
        self.label = label
        self.sender = ""
        self.is_personal = False
        self.known: list[str] = []
        self.organisations: tuple[str, ...] = ()
        self.people: list[int] = []
        self.names: dict[str, str] = {}

    def names_person(self, number: int) -> None:
        """Remember whom a part of a name can mean here."""
        if self.message.file and len(self.people) < MAX_NAMED and number not in self.people:
            self.people.append(number)

    def context(self, part: Part | None) -> NameContext:
        """What is known where a part (None: the subject and the like) is looked through."""
        segments = part.segments if part is not None else ()
        return NameContext(
            known=tuple(self.known),
            organisations=self.organisations,
            signatures=tuple(segment.span for segment in segments if segment.kind == "signature"),
            greetings=tuple(segment.span for segment in segments if segment.kind == "greeting"),
        )

    def texts(self) -> Iterator[tuple[str, NameContext]]:
        """Each text of the message with its context."""
        for part in self.message.parts:
            yield part.text, self.context(part)
        yield self.message.subject, self.context(None)


_NOBODY = _Mail(Message("", "", "", None, "", "", "", "", "", "", "empty", "", False, False, 0, ()), "")


def _personal_pages(text: str, mail: _Mail) -> Iterator[Span]:
    """Web pages that bear the name of somebody whom the mail names."""
    squeezed = {"".join(folded(name)) for name in mail.known if len(folded(name)) > 1}
    own = {"".join(word) for word in [folded(mail.sender)] if word} | set(folded(mail.sender)[-1:])
    is_private = mail.message.organisation_type in ("privatperson", "ukjent", "")
    for match in PAGE.finditer(text):
        page = "".join(folded(re.sub(r"[-_.]", "", match.group())))
        host = re.sub(r"^(?:https?://)?(?:www\.)?", "", match.group()).partition("/")[0].rsplit(".", 1)[0]
        if any(name in page for name in squeezed) or (is_private and "".join(folded(host)) in own):
            yield Span(match.start(), match.start() + len(match.group().rstrip(".,;:)")))


# Texts ---------------------------------------------------------------------------------------------------------------


class _Replaced:
    """A text in which spans are replaced; `span` tells where a span of the old text went.

    >>> made = _Replaced("Hei Kari, hei", ((Span(4, 8), "Person 1"),))
    >>> made.text, made.span(Span(8, 13)).of(made.text)
    ('Hei Person 1, hei', ', hei')
    """

    def __init__(self, text: str, changes: Sequence[tuple[Span, str]]) -> None:
        self._ends = [span.end for span, _ in changes]
        self._starts = [span.start for span, _ in changes]
        self._shifts = [0]
        pieces = []
        end = 0
        for span, label in changes:
            pieces += [text[end : span.start], label]
            end = span.end
            self._shifts.append(self._shifts[-1] + len(label) - len(span))
        self.text = "".join([*pieces, text[end:]])

    def span(self, span: Span) -> Span:
        """Where a span went. An offset inside something replaced goes to the end of what replaced it."""
        return Span(self._offset(span.start), self._offset(span.end))

    def _offset(self, offset: int) -> int:
        passed = bisect_left(self._starts, offset)  # changes that begin before the offset
        if passed and offset < self._ends[passed - 1]:
            return self._ends[passed - 1] + self._shifts[passed]
        return offset + self._shifts[passed]


# Persons -------------------------------------------------------------------------------------------------------------


class _People:
    """Who is who: a name or an address -> the number of a person."""

    def __init__(self, persons: Sequence[Person]) -> None:
        self._names: list[list[str]] = []
        self._addresses: list[list[str]] = []
        self._only_in: list[str] = []
        self._by_name: dict[tuple[str, ...], int] = {}
        self._by_address: dict[str, int] = {}
        self._lengths: dict[tuple[str, ...], set[int]] = {}
        self._alone: dict[tuple[str, tuple[str, ...]], int] = {}
        for person in persons:
            number = self._new(person.only_in)
            for name in person.names:
                self._add_name(number, name)
            for address in person.addresses:
                self._add_address(number, address)

    def persons(self) -> tuple[Person, ...]:
        """Every person, in the order of their numbers."""
        return tuple(
            Person(self.pseudonym(number), tuple(names), tuple(addresses), only_in)
            for number, (names, addresses, only_in) in enumerate(
                zip(self._names, self._addresses, self._only_in, strict=True)
            )
        )

    def pseudonym(self, number: int) -> str:
        return f"Person {number + 1}"

    def address(self, number: int, address: str) -> str:
        """A person's pseudonym as an address; the second address of a person is another, as it is another voice."""
        place = self._addresses[number].index(address)
        return f"person-{number + 1}{f'-{place + 1}' if place else ''}@{DOMAIN}"

    def register(self, name: str, address: str = "") -> int:
        """The person of a whole name, an address, or both; a new one where neither is known.

        One address of several names that share no word is an office's: then the name decides.
        """
        number = self._by_address.get(address) if address else None
        words = folded(name)
        if number is not None and words and not any(set(words) & set(folded(known)) for known in self._names[number]):
            number = None
        if number is None:
            number = self._by_name.get(_key(words)) if len(words) > 1 else None
        if number is None:
            number = self._new("")
        if words:
            self._add_name(number, name)
        if address and address not in self._addresses[number]:
            self._add_address(number, address)
        return number

    def find(self, name: str, of_mail: Sequence[int], file: str) -> int:
        """Whom a mention in a mail means: a whole name anybody, part of one somebody of the same mail."""
        words = folded(name)
        if len(words) > 1 and _key(words) in self._by_name:
            return self._by_name[_key(words)]
        for number in of_mail:
            if any(_is_part(name, whole) for whole in self._names[number]):
                return number
        if len(words) > 1:
            return self.register(name)
        if (file, words) not in self._alone:
            number = self._new(file)
            self._add_name(number, name)
        return self._alone[file, words]

    def knows(self, words: tuple[str, ...]) -> bool:
        """Whether somebody has this whole name."""
        return len(words) > 1 and _key(words) in self._by_name

    def lengths(self, first: tuple[str, ...]) -> Sequence[int]:
        """How many words the whole names that begin with a word have, the longest first."""
        return sorted(self._lengths.get(first, ()), reverse=True)

    def writes(self, words: tuple[str, ...]) -> bool:
        """Whether somebody of this whole name has sent a mail."""
        number = self._by_name.get(_key(words))
        return number is not None and bool(self._addresses[number])

    def _new(self, only_in: str) -> int:
        self._names.append([])
        self._addresses.append([])
        self._only_in.append(only_in)
        return len(self._names) - 1

    def _add_name(self, number: int, name: str) -> None:
        words = folded(name)
        if name not in self._names[number]:
            self._names[number].append(name)
        if self._only_in[number]:
            self._alone[self._only_in[number], words] = number
        elif len(words) > 1:
            self._by_name.setdefault(_key(words), number)
            n_written = len(re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", name))
            self._lengths.setdefault(words[:1], set()).add(n_written)

    def _add_address(self, number: int, address: str) -> None:
        self._addresses[number].append(address)
        self._by_address.setdefault(address, number)


def _key(words: tuple[str, ...]) -> tuple[str, ...]:
    """«Nordmann, Kari» is Kari Nordmann."""
    return tuple(sorted(words))


def _without_farm(name: str) -> str:
    """A whole name alone, where the line under it, a farm («Solbakken»), was taken for its last word."""
    first = name.partition("\n")[0]
    return first if len(folded(first)) > 1 else name


def _is_part(name: str, whole: str) -> bool:
    """Whether a name is part of a whole one: «Kari», «Lunde», «K. Lunde», «KL» of «Kari Lunde»."""
    words, all_words = folded(name), folded(whole)
    compact = name.replace(".", "").replace(" ", "")
    if compact.isupper() and 1 < len(compact) <= 4 and compact.casefold() == "".join(word[0] for word in all_words):
        return True
    return bool(words) and all(
        word in all_words or (len(word) == 1 and any(other.startswith(word) for other in all_words)) for word in words
    )


def labelled(checksums: Mapping[str, str], key: PseudonymKey) -> dict[str, str]:
    """File -> checksum with the labels of the files; one without a label is named by its own checksum."""
    labels = {file: label for label, file in key.files.items()}
    return {labels.get(file, f"postfil-{checksum[:12]}"): checksum for file, checksum in checksums.items()}


# The key file --------------------------------------------------------------------------------------------------------


def default_key_file(out: Path) -> Path:
    """Beside the output folder: ``out`` has its key in ``out.key.json``."""
    whole = out.resolve()
    return whole.with_name(f"{whole.name}.key.json")


def load_key(path: Path, *, out: Path, consultation: str) -> PseudonymKey:
    """The key of an earlier run, or an empty one where there is none yet.

    Raises:
        ConsultationError: the file would lie inside the output folder, is no key, or belongs to another consultation.
    """
    if path.resolve().is_relative_to(out.resolve()):
        raise ConsultationError(
            f"--key-file {path} lies in the output folder and would be passed on with it. Give a place outside."
        )
    if not path.exists():
        return PseudonymKey(consultation)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        key = _key_from_json(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConsultationError(
            f"{path} is not a key of innspill, or is damaged. Give another --key-file; without the old one persons get "
            "other pseudonyms."
        ) from error
    if key.consultation != consultation:
        raise ConsultationError(
            f"{path} is the key of another consultation ({key.consultation!r}), and would tell who writes to both. "
            'Give another --key-file, or change "consultation" in it where only the title is new.'
        )
    return key


def save_key(key: PseudonymKey, path: Path) -> None:
    """Write the key whole or not at all, for its owner alone (mode 600).

    Raises:
        ConsultationError: it cannot be written; nothing should be written without it then.
    """
    content = json.dumps({"innspill_key": KEY_VERSION, **asdict(key)}, ensure_ascii=False, indent=1)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, f"{content}\n".encode())
    except OSError as error:
        raise ConsultationError(f"{path} cannot be written ({error.strerror}). Give another --key-file.") from error


def _key_from_json(content: dict[str, Any]) -> PseudonymKey:
    if content["innspill_key"] != KEY_VERSION:
        raise ValueError(content["innspill_key"])
    persons = tuple(
        Person(f"Person {number}", _texts(one["names"]), _texts(one["addresses"]), str(one["only_in"]))
        for number, one in enumerate(content["persons"], start=1)
        if one["pseudonym"] == f"Person {number}"
    )
    if len(persons) != len(content["persons"]):
        raise ValueError("persons")
    maps = [{str(k): str(v) for k, v in content[name].items()} for name in ("mailboxes", "files", "attachments")]
    return PseudonymKey(str(content["consultation"]), persons, *maps)


def _texts(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(str(value) for value in values)
