"""Reading a file of people, and planning what it changes."""

import random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.people import report as people_report
from accounts.people.csv_file import MAXIMUM_BYTES, MAXIMUM_ROWS, PersonRow, read_people
from accounts.people.plan import KnownPerson, plan
from core.errors import BadRequest, TooLarge

HEADER = "email,full_name,roles,manager_email\n"


def rows(text: str):
    return read_people((HEADER + text).encode()).rows


def known(email, *roles, managers=(), name="Some One", active=True):
    return KnownPerson(UUID(int=hash(email) % 2**64), email, name, frozenset(roles), frozenset(managers), active)


def among(*people):
    return {person.email: person for person in people}


ADA = known("ada@x.example", "admin")
MIRA = known("mira@x.example", "manager")


def planned(text: str, *people):
    return plan(rows(text), among(ADA, *people))


def outcomes(text: str, *people):
    return [row.outcome for row in planned(text, *people)]


def only_problem(row):
    [problem] = row.problems
    return problem.column, problem.reason


def test_a_plain_file_is_read():
    [row] = rows("Tess@X.example,Tess Trainee,trainee,mira@x.example\n")
    assert row == PersonRow(2, "tess@x.example", "Tess Trainee", frozenset({"trainee"}), frozenset({"mira@x.example"}))


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffE-Mail;Full Name;Role(s);Manager Email\r\ntess@x.example;Tess T.;Trainee, Manager;mira@x.example\r\n",
        "EMAIL ADDRESS\tNAME\tROLES\tManager\ntess@x.example\tTess T.\ttrainee|manager\tmira@x.example",
        '"managers email","roles","name","e_mail"\n" MIRA@x.example ","trainee;manager","Tess\n T."," tess@x.example"',
        "\n\n full_name , email,ROLE,manager\nTess T., tess@x.example ,manager trainee,mira@x.example\n",
    ],
)
def test_headings_delimiters_quotes_and_marks_of_spreadsheets_are_understood(text):
    [row] = read_people(text.encode()).rows
    roles, managers = frozenset({"trainee", "manager"}), frozenset({"mira@x.example"})
    assert row == PersonRow(row.number, "tess@x.example", "Tess T.", roles, managers)


def test_columns_that_mean_nothing_are_told_and_missing_ones_say_nothing():
    file = read_people(b"Phone,email,Shoe size\n1,tess@x.example,42\n")
    assert file.ignored_columns == ("Phone", "Shoe size")
    assert file.rows == (PersonRow(2, "tess@x.example"),)


def test_blank_rows_count_and_are_passed_over():
    assert [row.number for row in rows("a@x.example,,,\n\n , ,,\nb@x.example,,,\n")] == [2, 5]


@pytest.mark.parametrize(
    ("data", "code", "saying"),
    [
        ("email,full_name\na@x.example,Grüße\n".encode("latin-1"), "not_utf8", "0xfc in line 2"),
        ("email\n".encode("utf-16"), "not_utf8", "line 1"),
        (b"name,roles\nTess,trainee\n", "missing_column", "`email`"),
        (b"", "missing_column", "`email`"),
        (b"email,E-Mail\n", "doubled_column", "email"),
        (b'email\n"a@x.example\n', "bad_csv", "Row 2"),
        (b'email\nok@x.example\n"a"b@x.example\n', "bad_csv", "Row 3"),
        (b"email\n" + b"a@x.example\n" * (MAXIMUM_ROWS + 1), "too_many_rows", "5000"),
    ],
)
def test_a_useless_file_is_refused_with_the_reason(data, code, saying):
    with pytest.raises(BadRequest, match=saying) as caught:
        read_people(data)
    assert caught.value.code == code


def test_too_many_bytes_are_refused():
    with pytest.raises(TooLarge):
        read_people(b"x" * (MAXIMUM_BYTES + 1))


@pytest.mark.parametrize(
    ("line", "column", "saying"),
    [
        (",Nobody,,", "email", "missing"),
        ("tess,,,", "email", "no e-mail"),
        ("tess@localhost,,,", "email", "no e-mail"),
        ("tess@-x.example,,,", "email", "no e-mail"),
        ("téss@x.example,,,", "email", "no e-mail"),
        (f"{'t' * 250}@x.example,,,", "email", "no e-mail"),
        (f"tess@x.example,{'T' * 201},,", "full_name", "200"),
        ("tess@x.example,,boss,", "roles", "`boss`"),
        ("tess@x.example,,,mira", "manager_email", "`mira`"),
        ("tess@x.example,,,TESS@x.example", "manager_email", "themselves"),
        ("tess@x.example,,,,more", "", "quotes"),
    ],
)
def test_a_wrong_cell_is_told_by_its_column(line, column, saying):
    [row] = rows(line)
    found, reason = only_problem(row)
    assert found == column
    assert saying in reason


def test_what_happens_to_each_row_is_planned():
    tess = known("tess@x.example", "trainee", managers=["mira@x.example"], name="Tess")
    first = planned(
        "new@x.example,New,,mira@x.example\ntess@x.example,Tess,trainee,mira@x.example\n"
        "mira@x.example,Mira,manager trainee,\nada@x.example,,,\n",
        tess,
        MIRA,
    )
    assert [(row.outcome, row.changes) for row in first] == [
        ("create", ()),
        ("unchanged", ()),
        ("update", ("full_name", "roles")),
        ("unchanged", ()),
    ]


def test_managers_may_stand_in_the_same_file_in_any_order_and_circle():
    text = "a@x.example,,manager,c@x.example\nb@x.example,,manager,a@x.example\nc@x.example,,manager,b@x.example\n"
    assert outcomes(text) == ["create"] * 3


@pytest.mark.parametrize(
    ("people", "more", "saying"),
    [
        ((), "", "Nobody has"),
        ((known("boss@x.example", "trainee"),), "", "is no manager"),
        ((known("boss@x.example", "manager", active=False),), "", "deactivated"),
        ((known("boss@x.example", "manager"),), "boss@x.example,,trainee,\n", "is no manager"),
        ((), "boss@x.example,,trainee,\n", "is no manager"),
        ((), "boss@x.example,,chief manager,\n", "made by row 3"),
    ],
)
def test_a_manager_who_cannot_be_one_is_told(people, more, saying):
    row = planned("tess@x.example,,,boss@x.example\n" + more, *people)[0]
    column, reason = only_problem(row)
    assert column == "manager_email"
    assert saying in reason


def test_a_wrong_row_makes_the_rows_that_rely_on_it_wrong():
    chain = "".join(f"p{number}@x.example,,manager,p{number + 1}@x.example\n" for number in range(50))
    assert set(outcomes(chain)) == {"error"}


def test_a_wrong_row_of_a_known_manager_leaves_them_one():
    text = "tess@x.example,,,mira@x.example\nmira@x.example,,boss,\n"
    assert outcomes(text, MIRA) == ["create", "error"]


def test_the_second_row_of_an_address_is_wrong():
    _, second, third = planned("a@x.example,,,\nA@x.example,,,\n a@x.example,,,\n")
    for row in (second, third):
        assert only_problem(row) == ("email", "The address stands in row 2 already.")


def test_the_last_admin_is_not_demoted():
    [row] = planned("ada@x.example,,manager,\n")
    assert only_problem(row) == ("roles", "The last admin stays an admin.")
    assert outcomes("ada@x.example,,manager,\nnew@x.example,,admin,\n") == ["update", "create"]
    assert outcomes("ada@x.example,,manager,\n", known("iris@x.example", "admin")) == ["update"]
    sleeping = known("iris@x.example", "admin", active=False)
    assert outcomes("ada@x.example,,manager,\n", sleeping) == ["error"]
    assert outcomes("ada@x.example,,manager,\nnew@x.example,,admin boss,\n") == ["error", "error"]
    assert outcomes("ada@x.example,,manager,\ntess@x.example,,,ada@x.example\n") == ["error", "error"]


def test_the_report_is_json_csv_and_a_table():
    report = planned("tess@x.example,,boss,\n=1+1@x.example,,,\n")
    assert people_report.counts(report) == {"create": 1, "update": 0, "unchanged": 0, "error": 1}
    assert people_report.as_json(report)[0]["errors"][0]["column"] == "roles"
    lines = people_report.as_csv(report).splitlines()
    assert lines[0] == "row,email,outcome,column,detail"
    assert lines[2] == "3,'=1+1@x.example,create,,"
    assert people_report.as_table(report).splitlines()[1].split()[:4] == ["2", "tess@x.example", "error", "roles"]


cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.lists(cells, max_size=6), max_size=10), st.sampled_from(",;\t"))
def test_any_text_is_read_or_refused(table, delimiter):
    data = "email,full_name,roles,manager_email\n" + "\n".join(delimiter.join(line) for line in table)
    try:
        file = read_people(data.encode())
    except BadRequest:
        return
    people_report.as_table(plan(file.rows, among(ADA)))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    for prefix in (b"", b"email;roles\n"):
        try:
            read_people(prefix + data)
        except BadRequest:
            continue


@given(st.data())
def test_what_was_planned_and_done_is_unchanged_the_second_time(data):
    addresses = [f"p{number}@x.example" for number in range(8)]
    shuffled = random.Random(data.draw(st.integers(0, 99))).sample(addresses, 8)
    lines = tuple(
        PersonRow(
            number,
            email,
            data.draw(st.sampled_from([None, "A", "B"])),
            data.draw(st.sampled_from([None, *map(frozenset, (["trainee"], ["manager"], ["admin", "manager"]))])),
            data.draw(st.none() | st.frozensets(st.sampled_from(addresses), min_size=1, max_size=2)),
        )
        for number, email in enumerate(shuffled, 2)
    )
    people = among(ADA)
    good = [row for row in plan(lines, people) if row.outcome != "error"]
    for row in good:
        before = people.get(row.row.email) or known(row.row.email, "trainee", name="")
        people[row.row.email] = KnownPerson(
            before.id,
            before.email,
            row.row.full_name or before.full_name,
            row.row.roles or before.roles,
            before.managers if row.row.managers is None else row.row.managers,
        )
    for row in good:
        for manager in row.row.managers or ():
            assert "manager" in people[manager].roles
    again = plan([row.row for row in good], people)
    assert {row.outcome for row in again} <= {"unchanged"}
