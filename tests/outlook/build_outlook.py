"""Writes the Outlook files that the tests read: compound files, MAPI properties, TNEF, compressed RTF, HTML in RTF.

Run `python tests/outlook/build_outlook.py` to write them anew; `truth.json` tells what each of them says and is kept by
hand. `lo-merknader.rtf` is LibreOffice's: `soffice --convert-to rtf lo-merknader.fodt`. All people and addresses are
invented.
"""

import struct
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).parent
FREE, END, FAT, DIFAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
SECTOR, MINI, CUTOFF = 512, 64, 4096
Tree = dict[str, "bytes | Tree"]
WRITTEN = datetime(2026, 3, 4, 12, 30, 45, tzinfo=UTC)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b8"
    "0000000049454e44ae426082"
)

# Compound files -------------------------------------------------------------------------------------------------------


@dataclass
class Entry:
    name: str
    kind: int
    data: bytes = b""
    left: int = FREE
    right: int = FREE
    child: int = FREE
    start: int = END


def compound(tree: Tree) -> bytes:
    """A compound file (version 3) with the folders and streams of a tree."""
    entries = [Entry("Root Entry", 5)]
    entries[0].child = _add(tree, entries)
    sectors: list[bytes] = []
    fat: list[int] = []

    def store(data: bytes) -> int:
        if not data:
            return END
        first = len(sectors)
        pieces = [data[at : at + SECTOR].ljust(SECTOR, b"\x00") for at in range(0, len(data), SECTOR)]
        sectors.extend(pieces)
        fat.extend([*range(first + 1, first + len(pieces)), END])
        return first

    mini, mini_fat = bytearray(), list[int]()
    for entry in entries[1:]:
        if entry.kind == 2 and len(entry.data) >= CUTOFF:
            entry.start = store(entry.data)
        elif entry.kind == 2 and entry.data:
            entry.start = len(mini_fat)
            count = -(-len(entry.data) // MINI)
            mini += entry.data.ljust(count * MINI, b"\x00")
            mini_fat += [*range(entry.start + 1, entry.start + count), END]
    entries[0].data, entries[0].start = bytes(mini), store(bytes(mini))
    mini_fat_at = store(b"".join(struct.pack("<I", number) for number in mini_fat).ljust(1, b"\xff"))
    directory = b"".join(map(_entry, entries))
    directory_at = store(directory.ljust(-(-len(directory) // SECTOR) * SECTOR, b"\x00"))
    n_tables = n_difat = 0
    while n_tables * (SECTOR // 4) < len(fat) + n_tables + n_difat:
        n_tables += 1
        n_difat = max(0, -(-(n_tables - 109) // 127))
    tables_at = len(sectors)
    difat_at = tables_at + n_tables
    fat += [FAT] * n_tables + [DIFAT] * n_difat
    fat += [FREE] * (n_tables * SECTOR // 4 - len(fat))
    packed = struct.pack(f"<{len(fat)}I", *fat)
    sectors += [packed[at : at + SECTOR] for at in range(0, len(packed), SECTOR)]
    tables = [*range(tables_at, tables_at + n_tables)]
    for number in range(n_difat):
        listed = tables[109 + number * 127 : 236 + number * 127]
        following = difat_at + number + 1 if number + 1 < n_difat else END
        sectors.append(struct.pack("<128I", *listed, *[FREE] * (127 - len(listed)), following))
    n_mini = -(-len(mini_fat) * 4 // SECTOR)
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6),
        0, n_tables, directory_at, 0, CUTOFF, mini_fat_at, n_mini, difat_at if n_difat else END, n_difat,
    )  # fmt: skip
    header = header[:76] + b"".join(struct.pack("<I", number) for number in tables[:109])
    return header.ljust(SECTOR, b"\xff") + b"".join(sectors)


def _add(tree: Tree, entries: list[Entry]) -> int:
    """Add the entries of a folder; the number of the one in the middle, from which the others are found."""
    numbers = []
    for name in sorted(tree, key=lambda name: (len(name), name.upper())):
        content = tree[name]
        entry = Entry(name, 2, content) if isinstance(content, bytes) else Entry(name, 1)
        numbers.append(len(entries))
        entries.append(entry)
        if isinstance(content, dict):
            entry.child = _add(content, entries)

    def middle(low: int, high: int) -> int:
        if low >= high:
            return FREE
        at = (low + high) // 2
        entries[numbers[at]].left, entries[numbers[at]].right = middle(low, at), middle(at + 1, high)
        return numbers[at]

    return middle(0, len(numbers))


def _entry(entry: Entry) -> bytes:
    name = entry.name.encode("utf-16-le") + b"\x00\x00"
    return struct.pack(
        "<64sHBBIII16sIQQIQ", name, len(name), entry.kind, 1, entry.left, entry.right, entry.child, bytes(16), 0, 0, 0,
        entry.start if entry.kind != 1 else 0, len(entry.data),
    )  # fmt: skip


# MAPI -----------------------------------------------------------------------------------------------------------------

Props = dict[int, "str | bytes | int | bool | datetime"]
Named = dict["str | int", "str | datetime"]
APPOINTMENTS = bytes.fromhex("0220060000000000c000000000000046")


def ticks(moment: datetime) -> int:
    return int((moment - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000


@dataclass
class Message:
    """What an Outlook file is written from; `page` is the code page of strings in 8 bits, None for 16 bits.

    `named` are properties by their name, or by their number in the set of appointments.
    """

    props: Props
    recipients: list[Props] = field(default_factory=list)
    attachments: list["tuple[Props, Message | Tree | None]"] = field(default_factory=list)
    page: str | None = None
    named: "Named" = field(default_factory=dict)


def msg(message: Message) -> bytes:
    """A .msg file."""
    tree = _message_tree(message, 32)
    strings, entries, spaces = b"", b"", b""
    for number, name in enumerate(message.named):
        if isinstance(name, int):
            entries += struct.pack("<IHH", name, 3 << 1, number)
            spaces = APPOINTMENTS
            continue
        raw = name.encode("utf-16-le")
        entries += struct.pack("<IHH", len(strings), 1 | 1 << 1, number)
        strings += struct.pack("<I", len(raw)) + raw + b"\x00" * (-len(raw) % 4)
    names = {"__substg1.0_00020102": spaces, "__substg1.0_00030102": entries, "__substg1.0_00040102": strings}
    return compound({**tree, "__nameid_version1.0": {**names}})


def _message_tree(message: Message, header: int) -> Tree:
    props = {**message.props, **{0x8000 + number: text for number, text in enumerate(message.named.values())}}
    tree = _properties(props, header, message.page)
    for number, recipient in enumerate(message.recipients):
        tree[f"__recip_version1.0_#{number:08X}"] = _properties(recipient, 8, message.page)
    for number, (attached, inner) in enumerate(message.attachments):
        folder = _properties(attached, 8, message.page)
        if isinstance(inner, Message):
            folder["__substg1.0_3701000D"] = _message_tree(inner, 24)
        elif inner is not None:
            folder["__substg1.0_3701000D"] = inner
        tree[f"__attach_version1.0_#{number:08X}"] = folder
    return tree


def _properties(props: Props, header: int, page: str | None) -> Tree:
    tree: Tree = {}
    table = bytes(header)
    for tag, value in props.items():
        kind, raw = _value(value, page)
        if kind in (0x1E, 0x1F, 0x102):
            tree[f"__substg1.0_{tag:04X}{kind:04X}"] = raw
            table += struct.pack("<HHIII", kind, tag, 6, len(raw) + {0x1E: 1, 0x1F: 2}.get(kind, 0), 0)
        else:
            table += struct.pack("<HHI", kind, tag, 6) + raw.ljust(8, b"\x00")
    tree["__properties_version1.0"] = table
    return tree


def _value(value: object, page: str | None) -> tuple[int, bytes]:
    if isinstance(value, str):
        return (0x1F, value.encode("utf-16-le")) if page is None else (0x1E, value.encode(page))
    if isinstance(value, bytes):
        return 0x102, value
    if isinstance(value, bool):
        return 0x0B, struct.pack("<H", value)
    if isinstance(value, int):
        return 0x03, struct.pack("<i", value)
    assert isinstance(value, datetime)
    return 0x40, struct.pack("<Q", ticks(value))


# TNEF -----------------------------------------------------------------------------------------------------------------


def tnef(
    attributes: list[tuple[int, bytes]],
    attachments: list[list[tuple[int, bytes]]] | None = None,
    *,
    wrong_checksum: bool = False,
) -> bytes:
    """A TNEF file of attributes (number with its type, bytes), and those of each attachment."""
    out = b"\x78\x9f\x3e\x22\x01\x00"
    for number, data in attributes:
        out += _attribute(1, number, data, wrong=wrong_checksum)
    for attached in attachments or []:
        for number, data in attached:
            out += _attribute(2, number, data, wrong=False)
    return out


def _attribute(level: int, number: int, data: bytes, *, wrong: bool) -> bytes:
    return struct.pack("<BII", level, number, len(data)) + data + struct.pack("<H", (sum(data) + wrong) & 0xFFFF)


def tnef_props(props: Props, *, page: str | None = None, obj: bytes = b"", named: Named | None = None) -> bytes:
    """MAPI properties as TNEF packs them; `obj` is the message or OLE object that an attachment is."""
    packed = []
    for tag, value in props.items():
        kind, raw = _packed(value, page)
        packed.append(struct.pack("<HH", kind, tag) + raw)
    for name, value in (named or {}).items():
        kind, raw = _packed(value, None)
        if isinstance(name, int):
            raw_name = APPOINTMENTS + struct.pack("<II", 0, name)
        else:
            raw_name = name.encode("utf-16-le") + b"\x00\x00"
            raw_name = bytes(16) + struct.pack("<II", 1, len(raw_name)) + raw_name + b"\x00" * (-len(raw_name) % 4)
        packed.append(struct.pack("<HH", kind, 0x8000) + raw_name + raw)
    if obj:
        packed.append(struct.pack("<HHII", 0x0D, 0x3701, 1, len(obj)) + obj + b"\x00" * (-len(obj) % 4))
    return struct.pack("<I", len(packed)) + b"".join(packed)


def _packed(value: object, page: str | None) -> tuple[int, bytes]:
    kind, raw = _value(value, page)
    if kind in (0x1E, 0x1F, 0x102):
        raw += {0x1E: b"\x00", 0x1F: b"\x00\x00"}.get(kind, b"")
        raw = struct.pack("<II", 1, len(raw)) + raw + b"\x00" * (-len(raw) % 4)
    return kind, raw.ljust(4, b"\x00")


ATT_FROM, ATT_SUBJECT, ATT_DATE, ATT_CLASS, ATT_BODY = 0x00008000, 0x00018004, 0x00038005, 0x00078008, 0x0002800C
ATT_DATA, ATT_TITLE, ATT_RENDER, ATT_PROPS = 0x0006800F, 0x00018010, 0x00069002, 0x00069005
ATT_MESSAGE_PROPS, ATT_RECIPIENTS, ATT_PAGE, ATT_VERSION = 0x00069003, 0x00069004, 0x00069007, 0x00089006
MESSAGE_OBJECT = bytes.fromhex("0703020000000000c000000000000046")
RENDER = bytes(14)


# RTF ------------------------------------------------------------------------------------------------------------------

PRELOAD = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS "
    b"Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i"
    b"\\u\\tab\\tx"
)


def compress_rtf(data: bytes) -> bytes:
    """LZFu, with matches of up to 17 bytes anywhere in the window of 4,096."""
    window = PRELOAD
    tokens: list[tuple[bool, bytes]] = []
    at = 0
    while at < len(data):
        history = window[-4095:]
        length = min(17, len(data) - at)
        while length >= 2 and history.find(data[at : at + length]) < 0:
            length -= 1
        if length >= 2:
            place = (len(window) - len(history) + history.find(data[at : at + length])) % 4096
            tokens.append((True, struct.pack(">H", place << 4 | length - 2)))
        else:
            length = 1
            tokens.append((False, data[at : at + 1]))
        window += data[at : at + length]
        at += length
    tokens.append((True, struct.pack(">H", len(window) % 4096 << 4)))
    body = b""
    for start in range(0, len(tokens), 8):
        run = tokens[start : start + 8]
        body += bytes((sum(1 << bit for bit, (is_place, _) in enumerate(run) if is_place),))
        body += b"".join(raw for _, raw in run)
    checksum = zlib.crc32(body, 0xFFFFFFFF) ^ 0xFFFFFFFF
    return struct.pack("<II4sI", len(body) + 12, len(data), b"LZFu", checksum) + body


def stored_rtf(data: bytes) -> bytes:
    return struct.pack("<II4sI", len(data) + 12, len(data), b"MELA", 0) + data


def escaped(text: str) -> str:
    """Text as RTF: letters of Windows-1252 as bytes, others by number."""
    out = ""
    for letter in text:
        raw = letter.encode("cp1252", "ignore")
        if letter in "\\{}":
            out += "\\" + letter
        elif letter.isascii():
            out += letter
        elif raw:
            out += f"\\'{raw[0]:02x}"
        else:
            units = letter.encode("utf-16-le")
            out += "".join(f"\\u{number}?" for number in struct.unpack(f"<{len(units) // 2}h", units))
    return out


def html_as_rtf(pieces: list[tuple[str, str]]) -> bytes:
    """HTML as Exchange wraps it: («tag», html), («text», words), («rtf», what only readers of RTF are to see)."""
    out = (
        "{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 \\fbidis \\deff0{\\fonttbl\r\n{\\f0\\fswiss\\fcharset0 Calibri;}\r\n"
        "{\\f1\\fmodern Courier New;}\r\n{\\f2\\fnil\\fcharset2 Symbol;}}\r\n{\\colortbl\\red0\\green0\\blue0;}\r\n"
        "\\uc1\\pard\\plain\\deftab360 \\f0\\fs24 \r\n"
    )
    for kind, text in pieces:
        if kind == "tag":
            out += "{\\*\\htmltag64 " + escaped(text).replace("\n", "\\par ") + "}"
        elif kind == "text":
            out += escaped(text)
        else:
            out += "\\htmlrtf " + text + "\\htmlrtf0 "
    return (out + "}").encode("ascii")


# The files ------------------------------------------------------------------------------------------------------------

CLASS, SUBJECT, BODY, RTF, HTML = 0x001A, 0x0037, 0x1000, 0x1009, 0x1013
SENT, MESSAGE_ID, HEADERS = 0x0039, 0x1035, 0x007D
FROM_NAME, FROM_KIND, FROM_ADDRESS, FROM_SMTP = 0x0042, 0x0064, 0x0065, 0x5D02
BY_NAME, BY_KIND, BY_ADDRESS, BY_SMTP = 0x0C1A, 0x0C1E, 0x0C1F, 0x5D01
INTERNET_PAGE, MESSAGE_PAGE = 0x3FDE, 0x3FFD
NAME, KIND, ADDRESS, SMTP, RECIPIENT = 0x3001, 0x3002, 0x3003, 0x39FE, 0x0C15
DATA, SHORT_NAME, METHOD, LONG_NAME, LONG_PATH, TYPE, CONTENT_ID, FLAGS, HIDDEN = (
    0x3701, 0x3704, 0x3705, 0x3707, 0x370D, 0x370E, 0x3712, 0x3714, 0x7FFE,
)  # fmt: skip

KARI: Props = {FROM_NAME: "Kåre Ås", FROM_KIND: "SMTP", FROM_ADDRESS: "kare.as@helseforetak.example", SENT: WRITTEN}
MAILBOX: Props = {NAME: "Høring", KIND: "SMTP", ADDRESS: "horing@direktorat.example", RECIPIENT: 1}
NYNORSK = (
    "Hei!\r\n\r\nVi meiner at kapittel 3 manglar noko om målform.\r\nSjå òg side 4, linje 12.\r\n\r\nHelsing Kåre Ås"
)
BOKMAL = "Hei!\r\n\r\nLinje 45: Setningen bør strykes, fordi øvrige krav dekker den.\r\n\r\nHilsen Åse Bjørk"
HTML_BODY = (
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"></head>\r\n'
    "<body><p>Kapittel 2 på side 8 bør nevne «åpne data».</p><p>Hilsen Åse Bjørk</p></body></html>"
)
EXCHANGE = "/O=FORETAKET/OU=EXCHANGE ADMINISTRATIVE GROUP/CN=RECIPIENTS/CN=ASEBJ"
WRAPPED = html_as_rtf(
    [
        ("tag", "<html><body>\n"),
        ("tag", "<p>"),
        ("rtf", "{\\f0 "),
        ("text", "Kapittel 2 på side 8 bør nevne «åpne data» 😀"),
        ("rtf", "\\par}"),
        ("tag", "</p>\n<ul>\n<li>"),
        ("rtf", "{\\pntext\\f2 \\'b7\\tab}"),
        ("text", "Første punkt {i klammer}"),
        ("tag", "&nbsp;&lt;5 %</li></ul>\n"),
        ("tag", '<img alt="Blå" src="cid:bilde">'),
        ("tag", "</body></html>"),
    ]
)
REAL_RTF = (
    "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fswiss\\fcharset0 Arial;}}\r\n{\\colortbl ;}\\uc1\\pard\\f0\\fs20 "
    + escaped("Hei!")
    + "\\par\r\n\\par\r\n"
    + escaped("Vi ønsker at linje 45–48 endres, og «målform» må òg nevnes.")
    + "\\par\r\n{\\pntext\\'b7\\tab}"
    + escaped("Første punkt på lista")
    + "\\par\r\n}\r\n"
).encode("ascii")
SIGNED = (
    'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary="grense"\r\n\r\n'
    "--grense\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    "Vi støtter forslaget på side 3.\r\n--grense\r\n"
    'Content-Type: application/pkcs7-signature; name="smime.p7s"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    "MIAGCSqGSIb3DQEHAqCA\r\n--grense--\r\n"
).encode()
TRANSPORTED = (
    "Received: from post.helseforetak.example by mx.direktorat.example; Wed, 4 Mar 2026 13:30:46 +0100\r\n"
    "From: =?utf-8?B?w4VzZSBCasO4cms=?= <ase.bjork@helseforetak.example>\r\n"
    "To: =?iso-8859-1?Q?H=F8ring?= <horing@direktorat.example>,\r\n\tOla <ola@direktorat.example>\r\n"
    "Subject: =?utf-8?Q?Innspill_til_h=C3=B8ringen?=\r\nDate: Wed, 4 Mar 2026 13:30:45 +0100\r\n"
    "Message-ID: <abc@helseforetak.example>\r\nX-Innspill-Omission: dette er ikke vårt\r\n"
    'Content-Type: multipart/mixed; boundary="borte"\r\nMIME-Version: 1.0\r\n\r\n'
)
FORM = b"linje;kommentar\r\n12;Uklart\r\n" * 200


def native(name: str, data: bytes) -> bytes:
    """An «Ole10Native» stream: a file that is drawn as an icon."""
    label = name.encode("cp1252") + b"\x00"
    path = b"C:\\Temp\\" + label
    body = (
        b"\x02\x00" + label + path + struct.pack("<HHI", 0, 3, len(path)) + path + struct.pack("<I", len(data)) + data
    )
    return struct.pack("<I", len(body)) + body


def note(**more: object) -> Props:
    return {CLASS: "IPM.Note", **KARI}


INNER = Message(
    {**note(), SUBJECT: "Indre melding", BODY: "Eg støttar framlegget på side 7."},
    attachments=[({METHOD: 1, LONG_NAME: "vedlegg-ø.txt", DATA: "Åtte ord på nynorsk.".encode()}, None)],
)
FILES: dict[str, bytes] = {
    "plain-nynorsk.msg": msg(
        Message(
            {**note(), SUBJECT: "SV: Høyring om målform", BODY: NYNORSK, MESSAGE_ID: "<nyn@helseforetak.example>", 0x17: 2},
            [
                MAILBOX,
                {NAME: "Ås, Øyvind", KIND: "EX", ADDRESS: EXCHANGE, SMTP: "oyvind@direktorat.example", RECIPIENT: 2},
                {NAME: "Skjult", KIND: "SMTP", ADDRESS: "skjult@direktorat.example", RECIPIENT: 3},
            ],
        )
    ),
    "transport-headers.msg": msg(
        Message(
            {CLASS: "IPM.Note", SUBJECT: "annet emne", HEADERS: TRANSPORTED, BODY: BOKMAL, SENT: WRITTEN,
             HTML: HTML_BODY.format(charset="iso-8859-1").encode("cp1252"), INTERNET_PAGE: 28591}
        )
    ),
    "eight-bit-1252.msg": msg(
        Message({**note(), SUBJECT: "Høring på åpne data", BODY: BOKMAL, MESSAGE_PAGE: 1252}, [MAILBOX], page="cp1252")
    ),
    "eight-bit-865.msg": msg(
        Message({**note(), SUBJECT: "Høring på åpne data", BODY: BOKMAL, MESSAGE_PAGE: 865}, [MAILBOX], page="cp865")
    ),
    "eight-bit-utf8.msg": msg(
        Message({**note(), SUBJECT: "Høring på åpne data", BODY: BOKMAL, MESSAGE_PAGE: 1252}, [MAILBOX], page="utf-8")
    ),
    "html-utf8.msg": msg(
        Message({**note(), SUBJECT: "Åpne data", HTML: HTML_BODY.format(charset="utf-8").encode(), INTERNET_PAGE: 65001})
    ),
    "html-in-rtf.msg": msg(
        Message({**note(), SUBJECT: "Åpne data", BODY: "Kapittel 2 på side 8 bør nevne «åpne data»", RTF: compress_rtf(WRAPPED)})
    ),
    "rtf-only.msg": msg(Message({**note(), SUBJECT: "Målform", RTF: compress_rtf(REAL_RTF)})),
    "rtf-stored.msg": msg(Message({**note(), SUBJECT: "Målform", RTF: stored_rtf(REAL_RTF)})),
    "rtf-damaged.msg": msg(
        Message({**note(), SUBJECT: "Målform", BODY: "Brødteksten står her.", RTF: b"\x00" * 20 + "ødelagt".encode()})
    ),
    "exchange-sender.msg": msg(
        Message(
            {CLASS: "IPM.Note", SUBJECT: "På vegne av", BODY: BOKMAL, SENT: WRITTEN,
             FROM_NAME: "Åse Bjørk", FROM_KIND: "EX", FROM_ADDRESS: EXCHANGE, FROM_SMTP: "ase.bjork@helseforetak.example",
             BY_NAME: "Sekretær", BY_KIND: "EX", BY_ADDRESS: EXCHANGE + "2", BY_SMTP: "sekretar@helseforetak.example"}
        )
    ),
    "exchange-only.msg": msg(
        Message(
            {CLASS: "IPM.Note", SUBJECT: "Internt", BODY: BOKMAL, SENT: WRITTEN, 0x0E04: "Høring; Øyvind Ås",
             FROM_NAME: "Bjørk, Åse", FROM_KIND: "EX", FROM_ADDRESS: EXCHANGE, BY_NAME: "Bjørk, Åse", BY_ADDRESS: EXCHANGE}
        )
    ),
    "attachments.msg": msg(
        Message(
            {**note(), SUBJECT: "Vedlegg på norsk", BODY: "Se vedleggene."},
            attachments=[
                ({METHOD: 1, LONG_NAME: "Høringssvar fra Ålesund.csv", SHORT_NAME: "HRINGS~1.CSV", TYPE: "text/csv", DATA: FORM}, None),
                ({METHOD: 1, SHORT_NAME: "NOTAT.TXT", DATA: "Også en æ.".encode()}, None),
                ({METHOD: 1, LONG_NAME: "logo.png", TYPE: "image/png", CONTENT_ID: "bilde@x", FLAGS: 4, HIDDEN: True, DATA: PNG}, None),
                ({METHOD: 4, LONG_NAME: "budsjett.xlsx", LONG_PATH: "\\\\tjener\\felles\\budsjett.xlsx"}, None),
                ({METHOD: 7, LONG_NAME: "deling.docx", LONG_PATH: "https://sky.example/deling.docx"}, None),
                ({METHOD: 1, LONG_NAME: "../../tom.txt", DATA: b""}, None),
                ({METHOD: 1, LONG_NAME: "brev.eml", TYPE: "message/rfc822",
                  DATA: "Subject: Brev\r\nFrom: a@b.example\r\n\r\nÆrlig talt.\r\n".encode("cp1252")}, None),
            ],
        )
    ),
    "embedded.msg": msg(
        Message(
            {**note(), SUBJECT: "VS: tre nivå", BODY: "Sjå vedlagde meldingar."},
            attachments=[
                ({METHOD: 5, NAME: "Midtre melding"},
                 Message({**note(), SUBJECT: "Midtre melding", BODY: "Sjå under, på side 9."},
                         attachments=[({METHOD: 5, NAME: "Indre melding"}, INNER)])),
            ],
        )
    ),
    "objects.msg": msg(
        Message(
            {**note(), SUBJECT: "Objekter i brødteksten", BODY: "Se ikonene."},
            attachments=[
                ({METHOD: 6, NAME: "Ikon"}, {"\x01Ole10Native": native("merknader på norsk.csv", FORM)}),
                ({METHOD: 6, NAME: "Dokument.docx"}, {"Package": b"PK\x03\x04 et dokument"}),
                ({METHOD: 6, NAME: "Tegning"}, {"\x03EPRINT": b"bare et bilde"}),
            ],
        )
    ),
    "out-of-office.msg": msg(
        Message({**KARI, CLASS: "IPM.Note.Rules.OofTemplate.Microsoft", SUBJECT: "Automatisk svar: Høring", BODY: "Jeg er på ferie."})
    ),
    "not-delivered.msg": msg(
        Message({CLASS: "REPORT.IPM.Note.NDR", SUBJECT: "Kan ikke leveres: Høring", 0x1001: "Meldingen nådde ikke mottakeren.", SENT: WRITTEN})
    ),
    "named-headers.msg": msg(
        Message({**note(), SUBJECT: "Fravær", BODY: "Eg er borte til måndag.", 0x3FDF: 0x3F},
                named={"x-annet": "nei", "Auto-Submitted": "auto-replied"})
    ),
    "meeting.msg": msg(
        Message({**KARI, CLASS: "IPM.Schedule.Meeting.Request", SUBJECT: "Møte om høringen", BODY: "Passer tirsdag å møtes?"},
                named={0x8208: "Rådhuset, møterom 3", 0x820D: WRITTEN, 0x820E: WRITTEN + timedelta(hours=1)})
    ),
    "signed.msg": msg(
        Message({**KARI, CLASS: "IPM.Note.SMIME.MultipartSigned", SUBJECT: "Signert støtte", BODY: "Vi støtter forslaget på side 3."},
                attachments=[({METHOD: 1, LONG_NAME: "smime.p7m", TYPE: "multipart/signed", DATA: SIGNED}, None)])
    ),
    "winmail-html.dat": tnef(
        [
            (ATT_VERSION, struct.pack("<I", 0x10000)), (ATT_PAGE, struct.pack("<II", 1252, 0)),
            (ATT_CLASS, b"IPM.Microsoft Mail.Note\x00"),
            (ATT_MESSAGE_PROPS, tnef_props(
                {**KARI, SUBJECT: "Åpne data", INTERNET_PAGE: 65001, HTML: HTML_BODY.format(charset="utf-8").encode()},
                named={"x-annet": "Ærlig", "Auto-Submitted": "no"})),
            (ATT_RECIPIENTS, struct.pack("<I", 1) + tnef_props(MAILBOX)),
        ],
        [[(ATT_RENDER, RENDER), (ATT_TITLE, b"HRINGS~1.CSV\x00"), (ATT_DATA, FORM),
          (ATT_PROPS, tnef_props({METHOD: 1, LONG_NAME: "Høringssvar fra Ålesund.csv", TYPE: "text/csv"}))]],
    ),
    "winmail-before-mapi.dat": tnef(
        [
            (ATT_PAGE, struct.pack("<II", 1252, 0)),
            (ATT_FROM, struct.pack("<HHHH", 4, 0, 8, 34) + "Kåre Ås\x00".encode("cp1252")
             + b"SMTP:kare.as@helseforetak.example\x00" + bytes(8)),
            (ATT_SUBJECT, "Høring på åpne data\x00".encode("cp1252")),
            (ATT_DATE, struct.pack("<7H", 2026, 3, 4, 12, 30, 45, 3)),
            (ATT_CLASS, b"IPM.Microsoft Mail.Note\x00"),
            (ATT_BODY, (BOKMAL + "\x00").encode("cp1252")),
        ],
        [[(ATT_RENDER, RENDER), (ATT_TITLE, "skjema på norsk.csv\x00".encode("cp1252")), (ATT_DATA, FORM)],
         [(ATT_RENDER, RENDER), (ATT_TITLE, b"NOTAT.TXT\x00"), (ATT_DATA, "Også en æ.".encode())]],
    ),
    "winmail-embedded.dat": tnef(
        [(ATT_MESSAGE_PROPS, tnef_props({**KARI, SUBJECT: "VS: indre", BODY: "Sjå vedlagde melding på nynorsk."}))],
        [[(ATT_RENDER, RENDER), (ATT_PROPS, tnef_props({METHOD: 5, NAME: "Indre melding"}, obj=MESSAGE_OBJECT + tnef(
            [(ATT_MESSAGE_PROPS, tnef_props({**KARI, SUBJECT: "Indre melding", BODY: "Eg støttar framlegget på side 7."}))],
            [[(ATT_RENDER, RENDER), (ATT_TITLE, b"vedlegg.txt\x00"), (ATT_DATA, "Åtte ord på nynorsk.".encode())]])))]],
    ),
    "winmail-rtf.dat": tnef(
        [(ATT_MESSAGE_PROPS, tnef_props({**KARI, SUBJECT: "Åpne data", RTF: compress_rtf(WRAPPED)}, page="cp1252"))]
    ),
    "winmail-wrong-checksum.dat": tnef(
        [(ATT_MESSAGE_PROPS, tnef_props({**KARI, SUBJECT: "Åpne data", BODY: BOKMAL}))], wrong_checksum=True
    ),
}  # fmt: skip


if __name__ == "__main__":
    for file_name, content in FILES.items():
        (HERE / file_name).write_bytes(content)
