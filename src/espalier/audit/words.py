"""What was found wrong with the log, in words for people."""

from espalier.audit.chain import BROKEN, CUT, DELETED, EDITED, GAP, LATE, REPLACED, UNKNOWN

FOUND = {
    EDITED: "An event was changed after it was sealed.",
    DELETED: "An event was taken out after it came in.",
    BROKEN: "A link of the chain does not fit: it was changed, moved or put in.",
    GAP: "The numbering has a gap.",
    UNKNOWN: "An event was put in beside the ordinary way.",
    LATE: "An event was sealed more than a day after its own time: it may have been put in later.",
    CUT: "The end of the log is missing: a head kept elsewhere lies beyond it.",
    REPLACED: "The log is not the one it was: a head kept elsewhere says otherwise.",
}
