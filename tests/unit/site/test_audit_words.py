"""Words of the log's page: two things that are done never look the same in the list to choose from."""

from espalier.site.presenters.audit import DID


def test_no_two_things_done_are_called_the_same():
    assert sorted(words for words in set(DID.values()) if list(DID.values()).count(words) > 1) == []
