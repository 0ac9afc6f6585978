import time, pytest
from ckan import model
from tests.opd.offices import write
@pytest.mark.usefixtures("with_portal", "clean_db", "clean_index")
def test_try(app):
    write(500)
    for n in range(300):
        model.Session.add(model.Package(name=f"d{n}", title="x", type="dataset", owner_org=f"id-opd-{n:03}", private=False, state="active"))
    model.Session.commit()
    urls=("/about","/opd","/opd?tampilan=kelompok","/opd?tampilan=urusan","/opd?unit=1&buka=1","/opd?q=nomor","/organization/")
    ts={u:[] for u in urls}
    for _ in range(25):
        for u in urls:
            t=time.perf_counter(); app.get(u); ts[u].append(time.perf_counter()-t)
    for u in urls:
        x=sorted(ts[u]); print("T", u, round(x[3]*1000,1), round(x[12]*1000,1))
