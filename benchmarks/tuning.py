"""The consultations that rules, weights and thresholds may be chosen by: their names in corpora/."""

# Those with themes and needs; of ki-helsedata the tuning half.
CONSULTATIONS = ("ki-helsedata", "heimeoppfolging", "bibliotek", "bygdetransport", "havbruk", "matjord", "ungpsyk")
# Mailboxes that tell what lines a comment is about, and no more.
MAILBOXES = ("innboks/a", "innboks/b")
