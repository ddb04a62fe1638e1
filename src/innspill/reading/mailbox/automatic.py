"""Whether the headers of a message say that a program answered, and no person (RFC 3834 and what came before it)."""

import re
from collections.abc import Callable

# What mail programs put there before RFC 3834: vacation scripts, Lotus, Exim, Novell.
NAMED = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from", "x-mail-autoreply")
PRECEDENCES = frozenset({"auto_reply", "auto-reply", "autoreply"})
# A report on delivery or on reading (RFC 3462, 3464, 8098), as a whole message or as a part of one.
REPORT_KINDS = frozenset({"multipart/report", "message/delivery-status", "message/disposition-notification"})


def is_automatic(header: Callable[[str], str], content_type: str) -> bool:
    """Whether a message is an automatic answer, a bounce, a receipt or a mailing.

    ``X-Auto-Response-Suppress`` alone says nothing: Exchange lets many programs set it on what people write. An empty
    return path is a bounce's, but some systems take the path off all mail, so it counts only where the sender is empty
    or a mail daemon too. A list's headers count only together with those of a mailing, since people answer through
    lists. A web form that passes on what somebody wrote says ``auto-generated`` just as Exchange's notices of absence
    do; which it is, the words must tell (`messages`).

    Args:
        header: A header's decoded value by its name in lower case, empty where it is missing.
        content_type: Of the whole message, in lower case.
    """
    submitted = re.split(r"[;\s(]", header("auto-submitted").strip().lower())[0]
    if submitted not in ("", "no") or content_type in REPORT_KINDS:
        return True
    precedence = header("precedence").strip().lower()
    if precedence in PRECEDENCES or any(header(name).strip().lower() not in ("", "no") for name in NAMED):
        return True
    if header("x-failed-recipients").strip() or "autoresponder" in header("x-post-messageclass").lower():
        return True
    bounced = header("return-path").strip() == "<>"
    if bounced and re.search(r"^$|<>|mailer-daemon|postmaster", header("from").strip(), re.IGNORECASE):
        return True
    return precedence in ("bulk", "junk") and bool(header("list-unsubscribe").strip())
