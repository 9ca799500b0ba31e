"""Where the publisher's own words begin at the end of an article."""

import pytest

from quotes.boilerplate import boilerplate_start

STORY = "The ferry sank at noon. “We go,” said Amina Oduya."
LONG = "The harbour board met for five hours and " * 4 + "left"

TAILS = [
    ["Follow us on Instagram"],
    ["— Follow Lim Mei on Threads."],
    ["Sign up for our weekly newsletter."],
    ["[Read more: The ferry that sank]"],
    ["Related stories"],
    ["Additional reporting by Ola Kvist."],
    ["© 2031 The Quay Times"],
    ["Got a tip? Write to the desk."],
    ["Have a question for us?"],
    ["Support local news."],
    ["Support independent journalism today."],
    ["Newsletter: the week at sea"],
    ["Comments (12)"],
    ["Tell us what you saw."],
    ["Share this", "Click here", "Advertisement"],
    # headlines of other articles under such a line
    ["More from the harbour", "Five divers, one bell", "“Never again” at Velsen"],
    ["More from Ola Kvist:", "Who owns the old quay?", "All rights reserved."],
    ["Related:", "Board meets: what to know"],
    ["Most read", "A pier is born", "Follow us on X", "A pier is gone"],
]
# The last of these paragraphs is the story's.
STORIES = [
    [],
    ["She left."],
    ["“Never again!”"],
    ["“We go,”"],
    ["Five divers, one bell"],
    ["Who owns the old quay?"],
    # a sentence or a long paragraph ends the search from below
    ["More from the harbour", "The board met."],
    ["More from the harbour", "Five divers, one bell", "“The board met.”"],
    ["More from the harbour", "“The board met.’”"],
    ["More from the harbour", LONG],
    ["Follow us on Instagram " + "and so on " * 40],
    # in the middle of a paragraph
    ["The sign told them to follow us on Instagram."],
    ["They had a tip."],
    ["Comments were few."],
]


@pytest.mark.parametrize("tail", TAILS, ids=" / ".join)
def test_tail_begins_with_its_first_line(tail):
    text = "\n\n".join([STORY, *tail])
    assert text[boilerplate_start(text) :] == "\n\n".join(tail)


@pytest.mark.parametrize("more", STORIES, ids=lambda more: " / ".join(more)[:60])
def test_story_has_no_tail(more):
    text = "\n\n".join([STORY, *more])
    assert boilerplate_start(text) == len(text)


def test_tail_ends_where_the_story_goes_on():
    text = "\n\n".join(["Advertisement", STORY, "Share this", "A pier is born"])
    assert text[boilerplate_start(text) :] == "Share this\n\nA pier is born"


def test_nothing_has_no_tail():
    assert boilerplate_start("") == 0


@pytest.mark.parametrize("last", ["« Nous partons. »", "(The board did not answer.)", "“And who will pay?”", "He paused…"])
def test_story_that_ends_otherwise_goes_on_behind_an_advertisement(last):
    text = "\n\n".join([STORY, "Advertisement", last])
    assert boilerplate_start(text) == len(text)
