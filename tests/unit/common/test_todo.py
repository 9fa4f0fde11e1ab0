"""What is due is asked for in one statement, whichever rooms ask."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model

from espalier.common.todo import MOST, Asking, Due, day_of, gather


def told(rows):
    return [Due(str(row["number"]), do="Look", href="/") for row in rows]


def counting(until):
    return Asking.named("SELECT number FROM generate_series(1, %(until)s) number ORDER BY number DESC", {"until": until, "other": 0}, told)


@pytest.mark.django_db
def test_all_rooms_are_asked_at_once_and_each_keeps_its_order(django_assert_num_queries):
    with django_assert_num_queries(1):
        found = gather({"one": [counting(2), counting(1)], "none": (), "other": [counting(3)]})
    assert {room: [line.what for line in lines] for room, lines in found.items()} == {"one": ["2", "1", "1"], "none": [], "other": ["3", "2", "1"]}


def test_nothing_is_asked_where_no_room_asks():
    assert gather({"one": (), "two": ()}) == {"one": (), "two": ()}  # and without a database


@pytest.mark.django_db
def test_a_room_gives_no_more_than_fits():
    assert [line.what for line in gather({"one": [counting(MOST), counting(5)]})["one"]] == [str(number) for number in range(MOST, 0, -1)]


@pytest.mark.django_db
def test_a_parameter_named_twice_is_given_twice_in_its_place():
    asking = Asking.named("SELECT %(b)s - %(a)s - %(b)s AS number", {"a": 1, "b": 5}, told)
    assert asking.parameters == (5, 1, 5)
    assert gather({"one": [asking, counting(1)]})["one"][0].what == "-1"


@pytest.mark.django_db
def test_a_query_set_names_its_columns_and_one_that_is_known_to_be_empty_gives_nothing():
    people = get_user_model().objects.order_by("pk")
    alex = people.get(username="demo-leader")

    def tell(rows):
        assert all(row.keys() == {"pk", "username"} for row in rows)
        return [Due(row["username"], do="", href=f"/{row['pk']}/") for row in rows]

    some, none = Asking.of(people.filter(pk=alex.pk).values("pk", "username"), tell), Asking.of(people.none().values("pk", "username"), tell)
    assert gather({"some": [some], "none": [none]}) == {"some": (Due("demo-leader", do="", href=f"/{alex.pk}/"),), "none": ()}


def test_the_day_of_a_moment_is_that_of_the_clock_on_the_wall():
    assert day_of("2019-04-30T23:30:00.5+00:00") == date(2019, 5, 1)  # summer time in London
    assert day_of("2019-01-31T23:30:00+00:00") == date(2019, 1, 31)
    assert day_of(None) is None
