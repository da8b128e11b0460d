"""A working day of a desk: five editors, two approvers and an administrator, each in a browser of
their own, all at once.

What each was told is noted, so that log and database can be held against it. People wait for one
another as in an office: until a page shows that something is read, or on the air.
"""

import re
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import requests
from lxml import html

from service.newsroom.values import Event
from tests.house import PASSWORD

EDITORS = tuple(f"viet{n}" for n in range(1, 6))
APPROVERS = ("duyet1", "duyet2")
ADMIN = "quantri"
LOOK_S = 0.4
ROUND_S = 1.5  # between two looks at a list
PATIENCE_S = 300  # who waits longer waits for what will never come
MANY = 3  # that the second approver takes in one go
MOST_ASKED = 20  # times, before "come back later" is an error
WAITING = "/desk?tab=cho-duyet"
READ = ("mastered", "returned", "approved", "published")
ARTICLE = {"stations": "suoi-lanh", "format": "text", "priority": "normal"}


class Move(NamedTuple):
    """What the desk said is done: by whom, what, of which episode (None: of none)."""

    who: str
    what: Event
    episode: int | None = None


class Approval(NamedTuple):
    """What somebody was told is approved."""

    who: str
    episode: int
    version: int


@dataclass
class Notes:
    """What people were told that day."""

    moves: list[Move] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)
    articles: dict[str, int] = field(default_factory=dict)  # titles, their episodes
    kept: dict[int, list[str]] = field(default_factory=dict)  # words of each episode
    refused: list[str] = field(default_factory=list)  # words of who came too late
    returned: set[int] = field(default_factory=set)  # each goes back once
    broken: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, episode: int, words: str) -> None:
        """These words were saved."""
        with self.lock:
            self.kept.setdefault(episode, []).append(words)


def parsed(text: str) -> Any:
    """A page's elements."""
    return html.fromstring(text)


class Page(NamedTuple):
    """What a browser shows, and at which address."""

    path: str
    text: str

    def filled(self, action: str = "", has: str = "") -> dict[str, str]:
        """The fields of its form for that address ("": its own), as a browser sends them."""
        for form in parsed(self.text).forms:
            if (form.action or "") == action and (not has or has in form.fields):
                return dict(form.form_values())
        raise AssertionError(f"{self.path} has no form for {action!r}")

    def has(self, action: str) -> bool:
        """Whether it has a form for that address."""
        return any(form.action == action for form in parsed(self.text).forms)


class Person:
    """Somebody at the desk: sends the forms of pages as a browser does."""

    def __init__(self, url: str, name: str, notes: Notes) -> None:
        self.url, self.name, self.notes = url, name, notes
        self.browser = requests.Session()
        self.log_in(self.page("/desk/login"))

    def log_in(self, page: Page) -> Page:
        """By the form of that page; what comes of it."""
        answer = self.send(page, "/desk/login", name=self.name, password=PASSWORD)
        assert answer.status_code in (200, 303)
        self.done(Event.LOGIN)
        return Page("/desk/login", answer.text)

    def done(self, what: Event, episode: int | None = None) -> None:
        """The desk said so."""
        with self.notes.lock:
            self.notes.moves.append(Move(self.name, what, episode))

    def ask(self, method: str, path: str, data: Any = None) -> requests.Response:
        """An answer; whoever is told to come back later does."""
        for _ in range(MOST_ASKED):
            answer = self.browser.request(
                method, self.url + path, data=data, allow_redirects=False, timeout=60
            )
            if "Retry-After" not in answer.headers:
                break
            time.sleep(LOOK_S)
        assert answer.status_code < 500, (method, path, answer.text[:500])
        return answer

    def page(self, path: str) -> Page:
        """A page that is there."""
        answer = self.ask("GET", path)
        assert answer.status_code == 200, (path, answer.status_code)
        return Page(path, answer.text)

    def send(
        self, page: Page, action: str = "", has: str = "", **typed: object
    ) -> requests.Response:
        """The page's form for that address (with a field `has`), filled in and sent."""
        form = page.filled(action, has) | typed
        return self.ask("POST", action or page.path, data=form)

    def wait(self, episode: int, *states: str) -> str:
        """Waits until the episode stands in one of these states; which."""
        latest = time.monotonic() + PATIENCE_S
        while True:
            answer = self.ask("GET", f"/desk/cards.json?ids={episode}").json()
            state = str(answer["cards"][0]["state"])
            if state in states:
                return state
            assert time.monotonic() < latest, f"{self.name} waits for {episode}"
            assert not self.notes.broken.wait(LOOK_S), "somebody else met an error"


@dataclass
class Office:
    """Where they meet: what one waits for that another does."""

    url: str
    notes: Notes
    articles: int  # of each editor
    typing: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    meeting: threading.Barrier = field(
        default_factory=lambda: threading.Barrier(len(EDITORS), timeout=PATIENCE_S)
    )
    shared: int = 0  # the episode that all editors open at once
    writing: int = len(EDITORS)  # editors who may still hand something in
    closed: threading.Event = field(default_factory=threading.Event)

    def neighbour_of(self, number: int) -> int:
        """An episode to say something about: another's, if there is one."""
        with self.notes.lock:
            others = list(self.notes.articles.values())
        return others[others.index(number) - 1]


class Editor(Person):
    """Writes, mends, comments, corrects; one is logged out in the middle of a sentence."""

    def day(self, office: Office) -> None:
        """All of it."""
        for n in range(office.articles):
            cut_off = self.name == EDITORS[2] and n == 1
            number = self.write(f"Tin {n} của {self.name}", office if cut_off else None)
            self.wait(number, *READ)
            change = (self.say, self.rewrite, self.add)[n % 3]
            change(number, f"lời {n} của {self.name}")
            self.comment(office.neighbour_of(number), f"{self.name} hỏi lần {n}")
            self.mend_returned()
        self.meet(office)
        self.correct(number)
        with self.notes.lock:
            office.writing -= 1
        while not office.closed.wait(ROUND_S):
            self.mend_returned()

    def write(self, title: str, cut_off_at: Office | None = None) -> int:
        """A new article; its episode. Who is cut off loses nothing that was typed."""
        page = self.page("/desk/new")
        body = (
            f"Mở đầu của {title}.\n\nPhần giữa của {title}.\n\nPhần cuối của {title}."
        )
        if cut_off_at is not None:
            cut_off_at.typing.set()
            assert cut_off_at.ended.wait(PATIENCE_S)
        answer = self.send(page, has="body", title=title, body=body, **ARTICLE)
        if cut_off_at is not None:
            assert answer.status_code == 401
            carried = self.log_in(Page("/desk/login", answer.text))
            answer = self.send(carried, "/desk/new", has="body")
        return self.handed_in(title, answer)

    def handed_in(self, title: str, answer: requests.Response) -> int:
        """It is taken in, and is another than all before."""
        assert answer.status_code == 303, answer.text[:500]
        number = int(answer.headers["Location"].rpartition("/")[2])
        self.done(Event.RECEIVED, number)
        with self.notes.lock:
            assert title not in self.notes.articles
            self.notes.articles[title] = number
        return number

    def say(self, number: int, words: str) -> None:
        """Another spoken form of a sentence."""
        sheet = self.page(f"/desk/episodes/{number}")
        self.change(number, sheet, "spoken", f"Nay đọc là {words}.")

    def rewrite(self, number: int, words: str) -> None:
        """Another text of a sentence."""
        sheet = self.page(f"/desk/episodes/{number}")
        self.change(number, sheet, "written", f"Nay viết là {words}.")

    def add(self, number: int, words: str) -> None:
        """A paragraph more, on the article's form."""
        self.add_to(number, self.form_of(number), words)

    def form_of(self, number: int) -> Page:
        """The article's form."""
        address = re.search(
            r"/desk/articles/\d+/edit", self.page(f"/desk/episodes/{number}").text
        )
        assert address
        return self.page(address[0])

    def change(
        self, number: int, sheet: Page, kind: str, words: str, n: int = 2
    ) -> None:
        """Sends a sentence's form as it was when the sheet was opened."""
        action = f"/desk/episodes/{number}/sentences/{n}"
        answer = self.send(sheet, action, kind, **{kind: words})
        if self.saved(answer, number, words):
            self.done(Event.EDITED, number)

    def add_to(self, number: int, form: Page, words: str) -> None:
        """Sends the article's form as it was when it was opened."""
        more = f"Thêm đoạn của {words}."
        body = form.filled(has="body")["body"]
        answer = self.send(form, has="body", body=f"{body}\n\n{more}")
        self.saved(answer, number, more)

    def saved(self, answer: requests.Response, number: int, words: str) -> bool:
        """Whether it was kept; who came too late is told, and has what they typed."""
        if answer.status_code == 303:
            self.notes.keep(number, words)
            return True
        assert answer.status_code == 422, answer.text[:500]
        assert words in parsed(answer.text).text_content()
        with self.notes.lock:
            self.notes.refused.append(words)
        return False

    def comment(self, number: int, text: str) -> None:
        """Something said of the title, which nobody changes."""
        action = f"/desk/episodes/{number}/sentences/1/comments"
        while True:
            sheet = self.page(f"/desk/episodes/{number}")
            if "Bài đã gỡ." in sheet.text:
                return
            if sheet.has(action):
                answer = self.send(sheet, action, text=text)
                if answer.status_code == 303:
                    self.done(Event.COMMENTED, number)
                    return
                assert text in answer.text
            # Its author has it read anew at this moment.
            self.wait(number, *READ, "withdrawn")

    def mend_returned(self) -> None:
        """What came back is mended, and what was said of it settled."""
        desk = self.page("/desk").text
        back = re.findall(r'↩ <a href="/desk/episodes/(\d+)"', desk)
        for number in map(int, back):
            sheet = self.page(f"/desk/episodes/{number}")
            self.change(number, sheet, "spoken", f"Sửa lại tin số {number}.", n=3)
            self.settle(number)

    def settle(self, number: int) -> None:
        """Comments are done with."""
        sheet = self.page(f"/desk/episodes/{number}")
        for action in re.findall(r'action="([^"]+/comments/\d+/solve)"', sheet.text):
            self.send(sheet, action)
            self.done(Event.COMMENT_SOLVED, number)

    def meet(self, office: Office) -> None:
        """All open one article and change the same place: one is in time, the others are told."""
        if office.meeting.wait() == 0:
            office.shared = self.write("Tin chung của cả phòng")
        for kind in ("spoken", "written", "article"):
            office.meeting.wait()
            self.wait(office.shared, *READ)
            sheet = self.page(f"/desk/episodes/{office.shared}")
            form = self.form_of(office.shared)
            office.meeting.wait()
            words = f"{kind} chung, {self.name}"
            if kind == "article":
                self.add_to(office.shared, form, words)
            else:
                self.change(office.shared, sheet, kind, f"{words}.", n=2)

    def correct(self, number: int) -> None:
        """What was heard is put right, by an episode of its own."""
        while self.wait(number, "published", "withdrawn", "returned") == "returned":
            self.mend_returned()
        page = self.page(f"/desk/episodes/{number}")
        action = f"/desk/episodes/{number}/correct"
        wrong, right = f"Sai của {self.name}.", f"Đúng của {self.name}."
        answer = self.send(page, action, wrong=wrong, right=right)
        assert answer.status_code == 303, answer.text[:500]
        self.done(Event.CORRECTION, number)
        correction = int(answer.headers["Location"].rpartition("/")[2])
        self.done(Event.RECEIVED, correction)
        with self.notes.lock:
            self.notes.articles[f"đính chính của {self.name}"] = correction


class Approver(Person):
    """Hears what waits, lets it out or sends it back; the second takes many at once."""

    def day(self, office: Office) -> None:
        """Until nothing is to come and nothing waits."""
        while not office.closed.is_set():
            is_last_look = office.writing == 0
            listed = self.page(WAITING)
            if self.name == APPROVERS[0]:
                self.go_through(listed)
            else:
                self.approve_ticked(listed)
            if is_last_look and not any(counted(listed).values()):
                office.closed.set()
            office.closed.wait(ROUND_S)

    def go_through(self, listed: Page) -> None:
        """Each that waits by itself, as it was when its sheet was opened."""
        for number in versions_on(listed):
            sheet = self.page(f"/desk/episodes/{number}")
            if goes_back(number) and number not in self.notes.returned:
                self.send_back(number, sheet)
            else:
                self.approve(number, sheet)

    def send_back(self, number: int, sheet: Page) -> None:
        """With a remark, unless an editor was there meanwhile."""
        action = f"/desk/episodes/{number}/return"
        if not sheet.has(action):
            return
        answer = self.send(sheet, action, remark="Sai tên thôn, xin xem lại")
        if answer.status_code == 303:
            self.notes.returned.add(number)
            self.done(Event.RETURNED, number)

    def approve(self, number: int, sheet: Page) -> None:
        """Lets it out, unless somebody was there meanwhile; first articles are taken off again."""
        action = f"/desk/episodes/{number}/approve"
        if not sheet.has(action):
            return
        version = int(sheet.filled(action)["version"])
        after = self.send(sheet, action).headers["Location"]
        if "Đã duyệt." not in self.page(after.partition("#")[0]).text:
            return
        self.approved(number, version)
        if "Tin 0" in sheet.text:
            self.withdraw(number)

    def approved(self, number: int, version: int) -> None:
        with self.notes.lock:
            self.notes.approvals.append(Approval(self.name, number, version))

    def withdraw(self, number: int) -> None:
        """Takes it off the air, whatever editors make of it meanwhile."""
        sheet = self.page(f"/desk/episodes/{number}")
        action = f"/desk/episodes/{number}/withdraw"
        answer = self.send(sheet, action, reason="Tin đã cũ")
        assert answer.status_code == 303
        self.done(Event.WITHDRAWN, number)

    def approve_ticked(self, listed: Page) -> None:
        """The oldest that wait, in one go: each is approved or refused by itself."""
        versions = versions_on(listed)
        ticked = [n for n in versions if not goes_back(n) or n in self.notes.returned]
        boxes = [f"{n}.{versions[n]}" for n in ticked[-MANY:]]
        if not boxes:
            return
        choice = self.send(listed, "/desk/bulk", move="approve", episodes=boxes)
        cost = Page("/desk/bulk", choice.text)
        if choice.status_code != 200 or not cost.has("/desk/bulk/do"):
            return  # all of them were moved meanwhile
        asked = parsed(choice.text).xpath("//input[@name='episodes']/@value")
        done = self.send(cost, "/desk/bulk/do", episodes=asked)
        assert done.status_code == 200
        wanted = dict(box.split(".") for box in asked)
        for number in done_of(done.text):
            self.approved(number, int(wanted[str(number)]))


def goes_back(number: int) -> bool:
    """Whether an approver finds something wrong with it, once."""
    return number % 5 == 0


def versions_on(listed: Page) -> dict[int, int]:
    """The episodes of a list, the newest first, and their versions."""
    cards = parsed(listed.text).xpath("//li[@data-episode]")
    return {
        int(each.get("data-episode")): int(each.get("data-version")) for each in cards
    }


def counted(listed: Page) -> dict[str, int]:
    """How many episodes still need somebody, by the list's tabs."""
    tabs = parsed(listed.text).xpath("//nav[@class='tabs']/a[span]")
    counts = {
        each.get("href").rpartition("tab=")[2]: each.find("span").text for each in tabs
    }
    return {
        tab: int(counts[tab]) for tab in ("dang-lam", "cho-duyet", "tra-lai", "bi-giu")
    }


def done_of(page: str) -> list[int]:
    """The episodes that a page of many tells as done."""
    done = parsed(page).xpath("//h2[.='Đã làm']/following-sibling::ul/li")
    return [int(each.get("data-episode")) for each in done]


class Admin(Person):
    """Ends a session, keeps the dictionary, a station and the staff."""

    def day(self, office: Office) -> None:
        """All of it, while the others work."""
        assert office.typing.wait(PATIENCE_S)
        self.end_session(EDITORS[2])
        office.ended.set()
        self.send(
            self.page("/desk/terms"),
            "/desk/terms",
            written="HTX Suối Lành",
            spoken="hợp tác xã Suối Lành",
        )
        self.done(Event.TERM)
        station = self.page("/desk/stations/suoi-lanh")
        self.send(station, has="description", description="Đài của xã Suối Lành")
        self.done(Event.STATION_CHANGED)
        people = self.page("/desk/people")
        self.send(people, "/desk/people", "role", name="moi", full_name="Người mới")
        self.done(Event.PERSON_ADDED)
        for path in ("/desk/log", "/desk/board", "/desk/downloads"):
            self.page(path)

    def end_session(self, name: str) -> None:
        """Wherever that person is logged in."""
        people = self.page("/desk/people")
        heading = f"//h3[a[normalize-space()='{name}']]/@id"
        (place,) = parsed(people.text).xpath(heading)
        person = place.removeprefix("nguoi-")
        assert self.send(people, f"/desk/people/{person}/logout").status_code == 303
        self.done(Event.SESSIONS_ENDED)


def live(url: str, articles: int) -> Notes:
    """The day of everybody at the desk of `url`, `articles` of each editor; what they were told."""
    notes = Notes()
    office = Office(url, notes, articles)
    staff: list[Editor | Approver | Admin] = [
        *(Editor(url, name, notes) for name in EDITORS),
        *(Approver(url, name, notes) for name in APPROVERS),
        Admin(url, ADMIN, notes),
    ]
    with ThreadPoolExecutor(len(staff)) as desks:
        days = [desks.submit(each.day, office) for each in staff]
        for day in days:
            day.add_done_callback(partial(_close_if_broken, office))
        for day in as_completed(days):
            day.result()  # the first error is the one to be told
    return notes


def _close_if_broken(office: Office, day: Future[None]) -> None:
    """Nobody waits for somebody who met an error."""
    if day.exception() is not None:
        office.notes.broken.set()
        office.closed.set()
        office.ended.set()
        office.meeting.abort()
