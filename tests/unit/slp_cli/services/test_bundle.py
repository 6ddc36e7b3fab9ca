"""``slp bundle``, ``serve-run``: across an air gap, byte for byte, each to its own (F24, F25)."""

from __future__ import annotations

import hashlib
import json
import zipfile

import pytest

NAMES = ("r01", "r02", "r03")


def exported(waiting, office, *words):
    done = office.slp("bundle", "export", "--json", *words)
    assert done.code == 0, done.err
    return done.json


def test_f24_the_reports_of_a_run_go_out_whole_with_a_manifest(waiting, office):
    manifest = exported(waiting, office)
    assert manifest["run"] == waiting.run
    with zipfile.ZipFile("usage.zip") as archive:
        for entry, name in zip(manifest["files"], NAMES, strict=True):
            data = waiting.report(name).read_bytes()
            assert archive.read(entry["file"]) == data
            assert entry["sha256"] == hashlib.sha256(data).hexdigest()
            assert (entry["router"], entry["sn"]) == (name, f"SN-{name}")
            assert len(entry["report_ids"]) == 2
            assert entry["saved"]


def test_the_whole_way_out_through_cssm_and_back_into_the_run(waiting, office):
    exported(waiting, office)
    assert office.slp("cssm", "upload", "usage.zip").code == 0
    done = office.slp("bundle", "import", "acks.zip", "--json")
    assert done.code == 0, done.err
    assert [f["state"] for f in done.json["files"]] == ["done"] * 3
    assert [name for name, _ in waiting.confirmed()] == list(NAMES)
    with zipfile.ZipFile("acks.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        for entry in manifest["files"]:
            assert waiting.taken(entry["router"]).read_bytes() == archive.read(entry["file"])


def test_a_person_may_carry_each_file_and_bring_the_downloads_in_a_folder(waiting, office):
    exported(waiting, office)
    portal = office.lab.portal
    folder = office.desk / "downloads"
    folder.mkdir()
    with zipfile.ZipFile("usage.zip") as archive:
        for name in archive.namelist():
            if name != "manifest.json":
                plain = name.rpartition("/")[2]
                upload = portal.upload_usage(archive.read(name), plain, "Eg-SA-01/Eg-VA-01")
                (folder / portal.ack(upload.id)[0]).write_bytes(portal.ack(upload.id)[1])
    (folder / "holiday.jpg").write_bytes(b"\xff\xd8 no licence file")
    done = office.slp("bundle", "import", folder)
    assert done.code == 0, done.err
    assert len(waiting.confirmed()) == 3


def test_downloads_may_come_in_a_zip_without_a_manifest(waiting, office):
    exported(waiting, office)
    office.slp("cssm", "upload", "usage.zip", "--to", "answers")
    with zipfile.ZipFile("downloads.zip", "w") as archive:
        for i, name in enumerate(NAMES):
            file = office.desk / "answers" / name / "ACK_usage_report"
            archive.write(file, f"download ({i}).xml")
    done = office.slp("bundle", "import", "downloads.zip")
    assert done.code == 0, done.err
    assert len(waiting.confirmed()) == 3


def test_an_acknowledgement_that_names_no_router_goes_by_its_file_name(waiting, office):
    opaque = (
        b"<smartLicense><smartLicenseRumAck><data>opaque</data></smartLicenseRumAck></smartLicense>"
    )
    folder = office.desk / "downloads"
    folder.mkdir()
    (folder / "ACK_r01-usage_report").write_bytes(opaque)
    (folder / "SN-r03.xml").write_bytes(opaque)
    done = office.slp("bundle", "import", folder, "--json")
    assert done.code == 1
    assert [f["state"] for f in done.json["files"]] == ["done", "missing", "done"]
    (folder / "r02-one.xml").write_bytes(opaque)
    (folder / "r02-two.xml").write_bytes(opaque + b"\n")
    done = office.slp("bundle", "import", folder)
    assert (done.code, "are both named like r02" in done.said) == (2, True)


def test_two_acknowledgements_of_one_router_are_refused(waiting, office):
    exported(waiting, office)
    office.slp("cssm", "upload", "usage.zip", "--to", "answers")
    own = office.desk / "answers" / "r01" / "ACK_usage_report"
    (office.desk / "answers" / "older").write_bytes(own.read_bytes().replace(b"[1,", b"[7,"))
    done = office.slp("bundle", "import", "answers")
    assert (done.code, "are both for ISR4351/K9 SN-r01" in done.said) == (2, True)
    assert waiting.confirmed() == []


def test_f25_an_answer_that_is_another_routers_is_refused_and_the_others_are_taken(waiting, office):
    exported(waiting, office)
    office.slp("cssm", "upload", "usage.zip")
    rewrite("acks.zip", swap=("r01", "r02"))
    done = office.slp("bundle", "import", "acks.zip", "--json")
    assert done.code == 1
    told = {f["router"]: f for f in done.json["files"]}
    assert [told[n]["state"] for n in NAMES] == ["refused", "refused", "done"]
    assert "serial number SN-r02, not for this router" in told["r01"]["why"]
    assert not waiting.taken("r01").exists()
    assert [name for name, _ in waiting.confirmed()] == ["r03"]


def test_an_answer_to_an_older_report_is_refused(waiting, office):
    exported(waiting, office)
    office.slp("cssm", "upload", "usage.zip")
    newer = office.usage("r01", "SN-r01", 77)
    waiting.report("r01").write_bytes(newer.read_bytes())
    done = office.slp("bundle", "import", "acks.zip", "--json")
    assert done.code == 1
    told = {f["router"]: f["why"] for f in done.json["files"]}
    assert "another usage report than the one that this run saved" in told["r01"]


def test_what_is_missing_is_said(waiting, office):
    exported(waiting, office)
    office.slp("cssm", "upload", "usage.zip")
    rewrite("acks.zip", drop="r02")
    done = office.slp("bundle", "import", "acks.zip", "--json")
    assert done.code == 1
    assert [f["state"] for f in done.json["files"]] == ["done", "missing", "done"]


def test_the_wrong_archive_at_the_wrong_end_is_said(waiting, office):
    exported(waiting, office)
    back = office.slp("bundle", "import", "usage.zip")
    assert (back.code, "holds usage reports, no answers" in back.said) == (2, True)
    office.slp("cssm", "upload", "usage.zip")
    out = office.slp("cssm", "upload", "acks.zip", "--to", "more.zip")
    assert (out.code, "holds answers, no usage reports" in out.said) == (2, True)


def test_without_a_run_the_answers_go_into_folders_for_usage_import(waiting, office):
    exported(waiting, office)
    office.slp("cssm", "upload", "usage.zip")
    done = office.slp("bundle", "import", "acks.zip", "--to", "in")
    assert done.code == 0, done.err
    for name in NAMES:
        assert (office.desk / "in" / name / "ACK_usage_report").read_bytes()
    assert waiting.confirmed() == []


def test_a_run_that_waits_for_nothing_has_nothing_to_carry(waiting, office):
    with waiting.fleet.store.write() as db:
        db.execute("UPDATE steps SET state='done'")
    done = office.slp("bundle", "export")
    assert (done.code, "nothing is packed" in done.said) == (3, True)
    done = office.slp("bundle", "import", "acks.zip")
    assert (done.code, "waits for an acknowledgement" in done.said) == (2, True)


# --- by API ------------------------------------------------------------------------------------


def test_serve_run_does_a_persons_part_with_usage_files_once(waiting, office):
    done = office.slp("cssm", "serve-run")
    assert done.code == 0, done.err
    assert "3 acknowledgements handed to run" in done.said
    by = [detail for _, detail in waiting.confirmed()]
    assert len(by) == 3
    assert all("by CSSM's API" in d for d in by)
    for name in NAMES:
        assert waiting.taken(name).exists()
    again = office.slp("cssm", "serve-run")
    assert again.code == 0
    assert len(waiting.confirmed()) == 3


def test_who_waits_with_usage_files_is_told_how_all_go_at_once(waiting, office):
    said = office.slp("show", waiting.run).out
    assert f"slp bundle export {waiting.run}" in said
    assert f"slp cssm serve-run {waiting.run}" in said


def test_serve_run_leaves_every_other_step_to_a_person(waiting, office):
    with waiting.fleet.store.write() as db:
        db.execute("UPDATE steps SET state='done' WHERE router IN ('r02', 'r03')")
    (other,) = [r for r in waiting.fleet.run(waiting.run).routers if r.router == "r01"]
    plan = waiting.fleet.plan_of(waiting.run, "r01")
    from nornir_slp.services.serve_run import carried

    bare = plan.steps[2].model_copy(update={"params": {"provides": ["slac.txt"], "needs": []}})
    assert carried(plan, plan.steps[2]) == ("usage_report", "ACK_usage_report")
    assert carried(plan, bare) is None
    assert carried(plan, plan.steps[1]) is None
    assert other.steps[2].state.value == "person"


def test_serve_run_says_what_cssm_refused_and_serves_the_others(waiting, office):
    path = waiting.report("r02")
    path.write_bytes(path.read_bytes().replace(rb"\"value\":\"1\"", rb"\"value\":\"9\""))
    done = office.slp("cssm", "serve-run")
    assert done.code == 1
    assert "signature" in done.said
    assert [name for name, _ in waiting.confirmed()] == ["r01", "r03"]


def test_f37_serve_run_ends_at_its_time_and_goes_on_later(waiting, office):
    office.ack_after(3600)
    done = office.slp("cssm", "serve-run", "--within", 0.001)
    assert done.code == 4
    assert waiting.confirmed() == []
    office.lab.clock.advance(3600)
    assert office.slp("cssm", "serve-run").code == 0
    assert len(waiting.confirmed()) == 3


# --- hostile archives --------------------------------------------------------------------------


def rewrite(path, *, swap=None, drop=None):
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        data = {e["file"]: archive.read(e["file"]) for e in manifest["files"]}
    if swap:
        one, two = (next(e for e in manifest["files"] if e["router"] == n) for n in swap)
        for key in ("file", "sha256", "bytes"):
            one[key], two[key] = two[key], one[key]
    if drop:
        gone = next(e for e in manifest["files"] if e["router"] == drop)
        manifest["files"].remove(gone)
        del data[gone["file"]]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in data.items():
            archive.writestr(name, content)
        archive.writestr("manifest.json", json.dumps(manifest))


def add(*names, data=b"x", mode=0o100600, twice=False):
    def change(archive):
        for name in names:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, data)

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (add("../../../root/.ssh/authorized_keys"), "leads out of the archive"),
        (add("/etc/passwd"), "leads out of the archive"),
        (add("a/./b"), "leads out of the archive"),
        (add("a\\..\\b"), "leads out of the archive"),
        (add("C:/x"), "leads out of the archive"),
        (add("answers/\x1b[31m"), "leads out of the archive"),
        (add("answers/link", mode=0o120777), "is a link or a device"),
        (add("answers/dev", mode=0o060600), "is a link or a device"),
        (add("answers/One", "answers/one"), "stands in it twice"),
        (add("answers/stray"), "stands in the archive and not in the manifest"),
        (add("answers/big", data=b"\0" * (33 << 20)), "is larger than 32 MB"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_hostile_archive_is_refused_whole_with_one_sentence(waiting, office, change, told):
    exported(waiting, office)
    office.slp("cssm", "upload", "usage.zip")
    with zipfile.ZipFile("acks.zip", "a", zipfile.ZIP_DEFLATED) as archive:
        change(archive)
    done = office.slp("bundle", "import", "acks.zip")
    assert done.code == 2, done.out
    assert told in done.said
    assert "\x1b" not in done.err
    assert waiting.confirmed() == []
    for words in (["bundle", "import", "acks.zip", "--to", "in"], ["cssm", "upload", "acks.zip"]):
        assert office.slp(*words).code == 2
    assert not (office.desk / "in").exists()


def test_a_bomb_is_refused_by_what_it_would_become(waiting, office, monkeypatch):
    monkeypatch.setattr("slp_exchange.bundle.archive.MAX_TOTAL", 40 << 20)
    exported(waiting, office)
    with zipfile.ZipFile("usage.zip", "a", zipfile.ZIP_DEFLATED) as archive:
        for i in range(3):
            archive.writestr(f"usage/{i}", b"\0" * (20 << 20))
    done = office.slp("cssm", "upload", "usage.zip")
    assert (done.code, "would unpack to 60 MB" in done.said) == (2, True)
    monkeypatch.setattr("slp_exchange.bundle.archive.MAX_FILES", 3)
    done = office.slp("cssm", "upload", "usage.zip")
    assert "more than 3" in done.said


def test_a_file_that_lies_about_its_length_is_not_unpacked_further(waiting, office):
    exported(waiting, office)
    raw = bytearray((office.desk / "usage.zip").read_bytes())
    at = raw.rindex(b"PK\x01\x02", 0, raw.rindex(b"manifest.json"))
    size = int.from_bytes(raw[at + 24 : at + 28], "little")
    raw[at + 24 : at + 28] = (size // 2).to_bytes(4, "little")
    (office.desk / "usage.zip").write_bytes(raw)
    done = office.slp("cssm", "upload", "usage.zip")
    assert done.code == 2
    assert "not as long as it says" in done.said or "damaged" in done.said


@pytest.mark.parametrize("where", ["usage/", "manifest.json"])
def test_f24_a_changed_byte_is_found(waiting, office, where):
    manifest = exported(waiting, office)
    first = manifest["files"][0]
    with zipfile.ZipFile("usage.zip") as archive:
        data = {n: archive.read(n) for n in archive.namelist()}
    if where == "usage/":
        data[first["file"]] = data[first["file"]].replace(b"r01", b"r0l")
    else:
        text = data["manifest.json"].replace(first["sha256"].encode(), b"0" * 64)
        data["manifest.json"] = text
    with zipfile.ZipFile("usage.zip", "w") as archive:
        for name, content in data.items():
            archive.writestr(name, content)
    done = office.slp("cssm", "upload", "usage.zip")
    assert (done.code, "its hash differs" in done.said) == (2, True)


def test_a_manifest_that_names_another_router_than_the_file_is_refused(waiting, office):
    exported(waiting, office)
    with zipfile.ZipFile("usage.zip") as archive:
        data = {n: archive.read(n) for n in archive.namelist()}
    data["manifest.json"] = data["manifest.json"].replace(b"SN-r01", b"SN-r99")
    with zipfile.ZipFile("usage.zip", "w") as archive:
        for name, content in data.items():
            archive.writestr(name, content)
    done = office.slp("cssm", "upload", "usage.zip")
    assert (done.code, "the manifest says SN-r99" in done.said) == (2, True)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"kind": "answers"}', '{"schema_version": 2, "kind": "usage", "files": []}'],
)
def test_a_manifest_that_is_none_is_named(office, text):
    with zipfile.ZipFile("odd.zip", "w") as archive:
        archive.writestr("manifest.json", text)
    done = office.slp("cssm", "upload", "odd.zip")
    assert (done.code, "manifest.json is wrong" in done.said) == (2, True)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 cut", b"no archive at all"])
def test_what_is_no_archive_is_said(waiting, office, data):
    (office.desk / "acks.zip").write_bytes(data)
    done = office.slp("bundle", "import", "acks.zip")
    assert (done.code, "no whole zip archive" in done.said) == (2, True)


@pytest.mark.parametrize("router", ["../up", "a/b", "..", "x\x1b[0m"])
def test_a_router_name_of_an_archive_never_becomes_a_path(waiting, office, router):
    exported(waiting, office)
    office.slp("cssm", "upload", "usage.zip")
    with zipfile.ZipFile("acks.zip") as archive:
        data = {n: archive.read(n) for n in archive.namelist()}
    manifest = json.loads(data["manifest.json"])
    manifest["files"][0]["router"] = router
    data["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile("acks.zip", "w") as archive:
        for name, content in data.items():
            archive.writestr(name, content)
    done = office.slp("bundle", "import", "acks.zip", "--to", "in")
    assert (done.code, "no plain name" in done.said) == (2, True)
    assert not (office.desk / "up").exists()
