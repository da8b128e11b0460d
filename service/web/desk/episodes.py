"""The editors' desk: which address is answered by which page, and who may ask it."""

from flask import Flask

from service.newsroom import Newsroom
from service.newsroom.values import Role
from service.web.auth import DeskPage, desk_pages
from service.web.desk import proof
from service.web.desk.listing import WORKING, Listing
from service.web.desk.moves import EPISODE, SENTENCE
from service.web.desk.sheet import Sheets
from service.web.desk.writing import ARTICLE, Writing
from service.web.site import Site

SOLVED = f"{EPISODE}/comments/<int:comment_id>/solve"


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds the desk below /desk; every page asks for a login."""
    pages = (
        *_of_list(Listing(newsroom)),
        *_of_form(Writing(newsroom, site)),
        *_of_sheet(Sheets(newsroom, site)),
        *_of_sentences(Sheets(newsroom, site)),
    )
    proof.register(app, site)
    app.jinja_env.tests["working"] = lambda state: state in WORKING
    app.register_blueprint(desk_pages("desk", "/desk", pages))


def _of_list(listing: Listing) -> tuple[DeskPage, ...]:
    return (
        DeskPage("GET", "", Role.OPERATOR, listing.episodes, sifted=True),
        DeskPage("GET", "/cards.json", Role.OPERATOR, listing.cards, sifted=True),
        DeskPage("GET", "/downloads", Role.OPERATOR, listing.downloads, sifted=True),
    )


def _of_form(form: Writing) -> tuple[DeskPage, ...]:
    return (
        DeskPage("GET", "/new", Role.EDITOR, form.new, sifted=True),
        DeskPage("POST", "/new", Role.EDITOR, form.take_new, sifted=True),
        DeskPage("GET", ARTICLE, Role.EDITOR, form.edit),
        DeskPage("POST", ARTICLE, Role.EDITOR, form.take_edit),
    )


def _of_sheet(sheets: Sheets) -> tuple[DeskPage, ...]:
    return (
        DeskPage("GET", EPISODE, Role.OPERATOR, sheets.episode),
        DeskPage("POST", f"{EPISODE}/take-back", Role.EDITOR, sheets.take_back),
        DeskPage("POST", f"{EPISODE}/regenerate", Role.EDITOR, sheets.regenerate),
        DeskPage("POST", f"{EPISODE}/approve", Role.APPROVER, sheets.approve),
        DeskPage("POST", f"{EPISODE}/return", Role.APPROVER, sheets.send_back),
        DeskPage("POST", f"{EPISODE}/withdraw", Role.APPROVER, sheets.withdraw),
        DeskPage("POST", f"{EPISODE}/correct", Role.EDITOR, sheets.correct),
        DeskPage("POST", f"{EPISODE}/memo", Role.EDITOR, sheets.mend_memo),
    )


def _of_sentences(sheets: Sheets) -> tuple[DeskPage, ...]:
    return (
        DeskPage("GET", f"{SENTENCE}.wav", Role.OPERATOR, sheets.listen),
        DeskPage("POST", SENTENCE, Role.EDITOR, sheets.change_sentence),
        DeskPage("POST", f"{SENTENCE}/reading", Role.EDITOR, sheets.choose),
        DeskPage("POST", f"{SENTENCE}/comments", Role.EDITOR, sheets.comment),
        DeskPage("POST", SOLVED, Role.EDITOR, sheets.solve),
    )
