import time, pytest, cProfile, pstats
from ckan import model
from tests.opd.offices import write
from ckanext.tangerang.opd import store, figures
from ckanext.tangerang.opd.overview import Overview
import ckan.plugins.toolkit as tk
@pytest.mark.usefixtures("with_portal", "clean_db", "clean_index")
def test_try(app):
    write(500)
    app.get("/opd")
    def med(f):
        ts=[]
        for _ in range(41):
            t=time.perf_counter(); f(); ts.append(time.perf_counter()-t)
        return round(sorted(ts)[10]*1000,1)
    print("about", med(lambda: app.get("/about")))
    print("load", med(store.load))
    with app.flask_app.test_request_context("/"):
        print("figures", med(figures.read))
        print("overview", med(Overview))
        def tree():
            o=Overview(); o.tree(); o.closed(); o.others()
        print("tree", med(tree))
    print("page", med(lambda: app.get("/opd")))
    pr=cProfile.Profile(); pr.enable()
    for _ in range(10): app.get("/opd")
    pr.disable()
    pstats.Stats(pr).sort_stats("tottime").print_stats(32)
