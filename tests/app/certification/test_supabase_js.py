"""A certificate with the real supabase-js: refused, given, opened, listed, downloaded by the manager, revoked."""

import json

from tests.app.support.wires import PASSWORD


async def test_the_real_client_gets_a_certificate(school, supabase_js):
    await school.finish("tess")
    url = str(school.client.make_url("")).rstrip("/")
    product_id = str(school.course.product_id)
    status, output = await supabase_js.run("node", "certificate.mjs", url, "sb_publishable_demo", PASSWORD, product_id)
    assert status == 0, output
    seen = json.loads(output)
    assert (seen["refused"]["status"], seen["refused"]["body"]["code"]) == (409, "not_completed")
    assert seen["opened"] == {"status": 200, "type": "application/pdf", "start": "%PDF-"}
    assert seen["forManager"] == "%PDF-"
    assert seen["list"] == [
        {
            "certificate_url": seen["given"]["path"],
            "code": seen["given"]["code"].replace("-", ""),
            "revoked_at": None,
            "products": {"title": "Billing"},
            "certificate_issues": [{"number": 1, "holder_name": "Tess"}],
        }
    ]
    assert seen["notRevoked"] is None
    assert seen["revoked"]["revoked_at"] is not None
