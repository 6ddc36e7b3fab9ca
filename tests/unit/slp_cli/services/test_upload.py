"""F24, F25, F36, F37, F42: usage reports to CSSM and back: each byte, each once, each its own."""

from __future__ import annotations

import hashlib
import json
import zipfile

import pytest

from slp_core.errors import InputError
from slp_exchange.errors import Refusal
from slp_exchange.polling import Promises
from slp_exchange.receipts import ReceiptBook, Row
from slp_exchange.web import Web
from slp_sim.formats import auth_request_file, parse_import, system_info

HOUR = 3600.0


def acks(office, path="acks.zip"):
    with zipfile.ZipFile(office.desk / path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        return {e["router"]: (e, archive.read(e["file"])) for e in manifest["files"]}


def test_files_folders_and_archives_are_taken_and_the_answers_come_in_one_archive(office):
    office.usage("r1", "A1", 1, 2)
    office.usage("r2", "A2", 3)
    done = office.slp("cssm", "upload", "reports", "--json")
    assert done.code == 0, done.err
    assert {f["router"]: f["state"] for f in done.json["files"]} == {"r1": "done", "r2": "done"}
    found = acks(office)
    assert parse_import(found["r1"][1]).acks[0].acked == (1, 2)
    for name in ("r1", "r2"):
        report = (office.desk / "reports" / name / "usage_report").read_bytes()
        assert found[name][0]["answers"] == hashlib.sha256(report).hexdigest()
        assert found[name][0]["sha256"] == hashlib.sha256(found[name][1]).hexdigest()
    into = office.slp("cssm", "upload", office.usage("r3", "A3", 9), "--to", "answers")
    assert into.code == 0, into.err
    assert parse_import((office.desk / "answers/usage_report/ACK_usage_report").read_bytes())


def test_f36_nothing_is_handed_over_twice(office):
    office.usage("r1", "A1", 1)
    for _ in range(2):
        done = office.slp("cssm", "upload", "reports", "--json")
        assert done.code == 0, done.err
        assert [f["state"] for f in done.json["files"]] == ["done"]
    events = [e for e in office.lab.events if "usage" in e]
    found = office.lab.network.cssm.accounts.find(("ISR4351/K9", "A1"))
    assert found is not None
    assert list(found[1].reports) == [1], events


def test_f36_a_duplicate_of_what_came_another_way_is_said_by_name(office):
    path = office.usage("r1", "A1", 1)
    office.lab.portal.upload_usage(path.read_bytes(), "by-hand.xml", "Eg-SA-01/Eg-VA-01")
    done = office.slp("cssm", "upload", "reports", "--json")
    assert done.code == 1
    (row,) = done.json["files"]
    assert row["state"] == "failed"
    assert "duplicates" in row["error"]
    assert "Usage Data Files" in row["error"]


def test_f24_an_altered_report_is_rejected_and_named_and_the_others_go_on(office):
    path = office.usage("r1", "A1", 1)
    path.write_bytes(path.read_bytes().replace(rb"\"value\":\"1\"", rb"\"value\":\"7\""))
    office.usage("r2", "A2", 1)
    done = office.slp("cssm", "upload", "reports", "--json")
    assert done.code == 1
    told = {f["router"]: f for f in done.json["files"]}
    assert (told["r1"]["state"], told["r2"]["state"]) == ("failed", "done")
    assert "signature" in told["r1"]["error"]
    assert acks(office).keys() == {"r2"}


def test_dlc_conversion_data_is_never_left_behind(office):
    office.usage("r1", "A1", 1, conversion={"appxk9": {"Permanent": 1}})
    done = office.slp("cssm", "upload", "reports")
    assert done.code == 1
    assert "device-led conversion" in done.said
    assert "web page" in done.said
    assert office.lab.network.cssm.accounts.find(("ISR4351/K9", "A1")) is None


def test_f37_what_is_not_there_in_time_is_asked_for_later(office):
    office.ack_after(HOUR)
    office.usage("r1", "A1", 1)
    done = office.slp("cssm", "upload", "reports", "--no-wait", "--json")
    assert done.code == 4
    assert done.json["files"][0]["state"] == "waiting"
    assert "slp cssm poll --to acks.zip" in done.said
    assert office.slp("cssm", "poll", "--within", 0.001).code == 4
    office.lab.clock.advance(HOUR)
    later = office.slp("cssm", "poll", "--json")
    assert later.code == 0, later.err
    assert parse_import(acks(office)["r1"][1]).acks[0].acked == (1,)
    (office.desk / "acks.zip").unlink()  # lost: CSSM gives the same answer once more
    again = office.slp("cssm", "poll", "--json")
    assert again.code == 0, again.err
    assert parse_import(acks(office)["r1"][1]).acks[0].acked == (1,)


def test_poll_without_anything_handed_over_is_a_usage_error(office):
    done = office.slp("cssm", "poll")
    assert (done.code, "nothing was uploaded from here" in done.said) == (2, True)
    (office.desk / "acks.zip.receipts").write_text("{}{")
    done = office.slp("cssm", "poll")
    assert (done.code, "no file of receipts" in done.said) == (2, True)


def test_f42_killed_between_sending_and_the_receipt_it_is_for_cssm_to_say(office, monkeypatch):
    office.usage("r1", "A1", 1)
    office.usage("r2", "A2", 1)
    real = ReceiptBook._save

    def dies(self):
        real(self)
        if any(r.state == "handed" for r in self.rows):
            raise KeyboardInterrupt

    def before(self):
        if any(r.state == "handed" for r in self.rows):
            raise KeyboardInterrupt  # CSSM has it; we do not know
        real(self)

    monkeypatch.setattr(ReceiptBook, "_save", before)
    assert office.slp("cssm", "upload", "reports").code == 130
    monkeypatch.setattr(ReceiptBook, "_save", real)
    done = office.slp("cssm", "upload", "reports", "--json")
    told = {f["router"]: f for f in done.json["files"]}
    assert done.code == 1
    assert "duplicate" in told["r1"]["error"]
    assert told["r2"]["state"] == "done"
    monkeypatch.setattr(ReceiptBook, "_save", dies)
    office.usage("r3", "A3", 1)
    assert office.slp("cssm", "upload", "reports/r3", "--to", "b.zip").code == 130
    monkeypatch.setattr(ReceiptBook, "_save", real)
    again = office.slp("cssm", "upload", "reports/r3", "--to", "b.zip", "--json")
    assert (again.code, again.json["files"][0]["state"]) == (0, "done"), again.err


def test_a_lost_answer_is_told_apart_from_a_refusal(tmp_path):
    book = ReceiptBook(tmp_path / "book")

    def lost():
        raise Refusal("unanswered", "no answer came", where="POST …")

    row = Row(router="r1", pid="P", sn="S", name="f", sha256="0" * 64, action="acknowledgements")
    assert book.hand_over(row, lost).state == "sending"
    with pytest.raises(InputError, match="another slp works on these receipts"):
        ReceiptBook(tmp_path / "book")
    book.close()
    with ReceiptBook(tmp_path / "book") as later:
        assert later.rows[0].error is not None


def test_f25_an_answer_for_another_router_is_refused(office, monkeypatch):
    office.usage("r1", "A1", 1)
    other = office.usage("r2", "OTHER9", 1)
    answers = office.slp("cssm", "upload", other, "--to", "other").code
    assert answers == 0
    foreign = (office.desk / "other/usage_report/ACK_usage_report").read_bytes()
    monkeypatch.setattr(Promises, "ask", lambda self, receipt: foreign)
    done = office.slp("cssm", "upload", "reports/r1", "--json")
    assert done.code == 1
    assert "OTHER9" in done.json["files"][0]["error"]
    assert not (office.desk / "acks.zip").exists()


def test_where_routers_belong_is_found_by_their_product_instance(office):
    account = office.lab.network.cssm.accounts.accounts["Eg-SA-01"]
    first = account.virtual_accounts["Eg-VA-01"]
    second = type(first)("Second", first.id + 1, dict(first.pools))
    account.virtual_accounts["Second"] = second
    office.lab.portal.instance(("ISR4351/K9", "A1"), "", "Eg-SA-01/Second")
    office.usage("r1", "A1", 1)
    office.usage("r2", "NEW1", 1)
    done = office.slp("cssm", "upload", "reports", "--json")
    told = {f["router"]: f for f in done.json["files"]}
    assert told["r1"]["state"] == "done"
    assert "in none of its accounts" in told["r2"]["error"]
    assert "--account" in told["r2"]["error"]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("empty", b"", "empty"),
        ("page.html", b"<html>Sign in</html>", "no file of Smart Licensing"),
        ("cut", b"<smartLicense><RUMReport>", "cut off"),
        ("none", b"<smartLicense><RUMReport>{}</RUMReport></smartLicense>", "no payload"),
    ],
)
def test_what_is_no_usage_report_never_leaves(office, name, data, told):
    (office.desk / name).write_bytes(data)
    done = office.slp("cssm", "upload", name)
    assert done.code == 2
    assert told in done.said
    assert name in done.err


def test_a_slac_by_the_routers_own_request_file(office, monkeypatch):
    office.lab.portal.instance(("ISR4351/K9", "A1"), "", "Eg-SA-01/Eg-VA-01")
    sudi = {"udi_pid": "ISR4351/K9", "udi_serial_number": "A1"}
    keys = [{"entitlement": "ISR_4351_Hsec", "count": "1"}]
    info = system_info(
        pid="ISR4351/K9", sn="A1", hostname="r1", software_tag="t", at=office.lab.clock.now()
    )
    (office.desk / "request.txt").write_bytes(
        auth_request_file(info, [{"sudi": sudi, "keys": keys}])
    )
    waits = office.slp("cssm", "slac", "request.txt", "--within", 0.001)
    assert (waits.code, "still has it in work" in waits.said) == (1, True)
    monkeypatch.setattr(Web, "pause", lambda self, seconds: office.lab.clock.advance(seconds))
    done = office.slp("cssm", "slac", "request.txt")
    assert done.code == 0, done.err
    (code,) = parse_import((office.desk / "slac.txt").read_bytes()).authorizations
    assert (code.pid, code.sn) == ("ISR4351/K9", "A1")
    wrong = office.slp("cssm", "slac", office.usage("r1", "A1", 1))
    assert (wrong.code, "no authorization request" in wrong.said) == (2, True)
