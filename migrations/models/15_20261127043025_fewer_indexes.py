from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


def place(column: str, *values: str) -> str:
    """As migration 8 puts it."""
    cases = " ".join(f"WHEN '{value}' THEN {n}" for n, value in enumerate(values))
    return f"""(CASE "{column}" {cases} END)"""


STATUS = place("status", "TODO", "IN_PROGRESS", "DONE", "REJECT")
PRIORITY = place("priority", "LOW", "MEDIUM", "HIGH")
# Each write of a task paid for them, and no screen of a kanban asks for the orders that they serve.
DROPPED = {
    "column_id_id": '"column_id", "id"',
    "created_at_id": '"created_at", "id"',
    "priority_id": f'{PRIORITY}, "id"',
    "status_created_at_id": f'{STATUS}, "created_at", "id"',
    "status_due_date_id": f'{STATUS}, "due_date", "id"',
    "status_id": f'{STATUS}, "id"',
    "status_priority_id": f'{STATUS}, {PRIORITY}, "id"',
    "status_updated_at_id": f'{STATUS}, "updated_at", "id"',
    "title_id": '"title", "id"',
}


async def upgrade(db: BaseDBAsyncClient) -> str:
    return "".join(f"""
        DROP INDEX IF EXISTS "tasks_{name}_idx";""" for name in DROPPED)


async def downgrade(db: BaseDBAsyncClient) -> str:
    return "".join(f"""
        CREATE INDEX IF NOT EXISTS "tasks_{name}_idx" ON "tasks" ({columns});"""
        for name, columns in DROPPED.items())


MODELS_STATE = (
    "eJztXQtz2zYS/isYpTNNWtmxncROk06vsuO0vjr2TSw3ncYuDYmQxJoiVJKyo0nz328XfL"
    "8k6EGZYtDpOBKIBaBvscDuYhf83BhynZnOdmtktPktsxqvyOeGRYcMPmSeNUmDjkbREyxw"
    "accUlenI0FysJoppx3Ft2nXhSY+aDoMinTld2xi5BsdeGi1yyyakMyH3A6M7IJR4TwkQOa"
    "THbSgZO8zeJifw3WFdm7nEcMitxe8tJDOgeECdAeGWOdnGPnXehU4Nq19O82PL+GfM4Df2"
    "mTtgNnTy8RqKDUtnn5iDXz83egYzdfG5ga1rho6U8Bdrsk8jmzkO/H4nIA6QjsDTfDrv/0"
    "8C4slIVGqINgBW8eUL0o9uNdFlgm1ep6JcC2gvL0/evBU1EaiO1uXmeGhFtUcTd8CtsPp4"
    "bOjbSIPP+sxiNnWZHmOmNTZNn/NBkYcPFLj2mIXA6FGBznp0bOKUaPzYG1tdnAkEe9LGrg"
    "HzrMuHI+puY8nBT/44YzSadnbe1i6O25rWyEwnHE9qCvhFXYAbMDMsF1H//MVrN0JHlDaw"
    "g6NfW+8fP9t/IvDgjtu3xUOBXeOLIKQu1SIeR5CLfzOgt4FbGbyDqinEYYyLYB0URGBH4h"
    "YgF2BTApqNIf2kmczquwP4uvfiBVQZGlZUtIu/lLous8WP/+vjX1dXn3Z2rr/DD474DH9e"
    "vri6GvdYr3cdPv8mO6rGu7HjEou7pMNIx6TW7bYnEnQ4Mj0JbJwZ/YFrTgjIGrfdxvUUdv"
    "/eei84DqMWLOewXnlL2Zn/aM97hqyPWC3EVMOlIcvwowG186UsSbUa3s+Ws7Vxfv+5BND7"
    "zwtxxkdJmJ0uxzYyELdsm07yMY5IUviahuNuoHBNgbR9/Ef743UKMtjD8Mdp1M3C9gaeuM"
    "aQ5SOXpEyhp/uk28GHDYSyAT9QP4ed3JeSadCevDu+aLfe/Q+7GzrOP6bAr9U+xid7onSS"
    "Kn28n5rZYSPkw0n7V4JfyZ/nZ8fprSWs1/6zgWOiY5droIJoVI8JdFAaoJbgukkdF5WGRf"
    "iepl0B5/0hV4XxG8LoAJOpnIY9zYDmFuBzkrKG8l0nNscMB1kdPkaySkW+ukydoaqjadS7"
    "zdXUEaostG+5zYy+9RvzVIsTGAe1unl6um8TX/rNbCakUWm0Ytv0PrQl4xMKfjv8YuZ6Cm"
    "7r4qj15tgzPju0e3tPbV1LQI1P+B5PlYR1s4+Ge8N0CbVoX4CDvwLH7KN+yKGJRo6LwnvQ"
    "nOaf6GAVOd9EMZxz+gAMRxuNO6bRnWX/e4PTwvozTH9cLmLduIZrMjlHg9+RoJjtYkj1k1"
    "QTpTuLyObucTzSF+kxIlNulKqtzc0pbhRlwRQCXmMLJink83A9Sam4XhWu5+i5/ugjrt8x"
    "G5fwLMt/jx4kmB0jSHEa9ZiSeLtbFmNTrs0jPoYnBJQK0h1Qq8+cJunZfEh2t8mJRf4Zc5"
    "c5xBBnFFjp5rhN+zcZ/+fuNIfnyVk75THyFLtFJC9JqfwG1RG07PoaqocSpxNhXXU8Ucbx"
    "xAfWcQyXEZOC4jYo43giPiY5lqcoFmJ8xaQ3yffdHfiviNHfZHh0DBsNYADtw0pLXTJEtg"
    "JLdW4BX1mP20wswT3Dhge8R97RybYUK8VACpnpP02yM7IgM8x8a9J+1gyJ10+xssO5WZYQ"
    "B7ZJGczE5914J0mx+zAQtjhhyDfiGH2L6VuGJY73yZBOCOpQgmPCOswIJbY6jXuH5+enia"
    "X+8KSd4uHlu8NjYK9gLVQyPGdJdr8FPvEc71OuWIZ16yeQBylhfPRxZ+sHutVrbb29/rz/"
    "JW9tbRHEY2w3CXXIzSPb7vc7naz+03i013u5A79PRhwPCkXx4EmeE7HY5xXzR7FhB/TUgT"
    "HKObs89Inf/vaembRgwY17tGrmZUzLAsz0JVE68sSlphAZ1p3hCgSWhOkkbKiuUMHgfYfv"
    "4iidYht1Aqh0V7xYn4rc8cHiNcMlLwLepGMGo/X1lR/ZJ7b5AYcx+wU2Nxnhlv/N2/PJCT"
    "x2mWkKPYDbOtCA5vY3NyxANi96sLyOcs4QPobHUqKVxvW0QwUPNdnIwhjGWkC5Yqf4ieXO"
    "4RPPcdb4ykp1Y536OIStvd3nB89fPtt//hKqiGGGJQcSbpditzdOpCysGEx2bI2HmRPJBM"
    "YBbZXtdVDRwY5CgfCkSmjlOs+InZQxty9jaKXdLTEraz9tYsXlSfa0J06jTtxTgKoAhjID"
    "GDrBUfeSEQzhkflmgjozhCEuovkxDOk5uwJQa2awpTFdIiwkgpo66KMZMux7KX29TZ3blm"
    "iMbeLZ3oOo7UfBkpvR2SNTulhhj9ns6wuiCQV5hqbrDy6u5ZYTQxN0tJ4gmqC3NUbRBF2q"
    "MBoVRqMCKqpwzqvCaL5GrqswGhVGo8JoHkbQVBhNhcNoQJRHNkfmOmXE0NjQaZbR7/3SpP"
    "vVL1wfn2Paqm+54Ri8vzh3H0JXxXTUhBgH8D5+1/rjSUKUT8/Pfgmqx9hxdHp+qIIlNjdY"
    "QjnUlQd4zaCuwAMs4650qXO7AkdljXAu2UE5RNdwI9dD6T1qTndRDkPX8vp8lDhJpI/kgy"
    "FqPtX8/jzfDS/bT3SlUKl+Sr+3tToqg1+oPJXKU6l8VhUwpZWn8mvkuvJUboanEgbl+iqU"
    "lFUd1q6hHytIC5LzZOXZ2bvE5dBME9pBJqKqCVM2a2efcn7rkD7nOhLAAlVWtlBMDZVVY2"
    "Ikyu6uSiBbxRxSpXgxXN8oXtKJUTPbupnyYcTEs2pBbNWcpAvHsEH/5Ozy9PSh7jaK5ejk"
    "+D6SGTzF7o9UypBMSoVpWLfRRcn3A46JlHj3MWofmLjgEBpmN6DKgleZzncVcxldLBpF1p"
    "RxLMRgnCNrIuXNEI1IeWri3UVUyo9Rqb2sOcWPUfsMjhYmPXlJHBMhsVVJ3piABQoafI6D"
    "ngOu1Co4boqRrTFLPixZ78ReYQa7uv06Z1qv/vZrbB4UlZxzp8JkuzjJQu6S9ehzjV/5PQ"
    "ElaCKSwHAleS1a8d7JAMWwXnaYLbu8rCQzL6FBz4P5UngvtILsLIr2gN4xATfTHwhb5esv"
    "hnozvb4yvn51afUiO3aVuCwVHKliflbse4wZj3NAmqRSoKpAqvWn0vpzcH2OyE2FNSmsVb"
    "pn3bsJJ8cNGV6RU+yBjG7ieYAU0aaMc88b4eJ+veANXtI94dfS46/8vtYYfeX3qGKvNtNn"
    "qeyxQsBrbI+p2Ku6cV3FXm1G7JV6R2hFsgcv7T5GtZWQOKhS1lTK2tKqaDWsV+VpqaanRS"
    "ZlTRhmJoxnBXlr6lLcOfwm7wGfU2No5KavRQ+b0/wniLFmYj3JCC484uM9l1nE4UPmvbhA"
    "0DOd3MNqCjjBJ8MSMVRozMPmR+6BLfz+tVBvRNeo61yenZ7/8svxm2wIV0l9zOnmYZYujo"
    "Nm+CViCGo+yaJuiVs2yYpQcZyDX712AQ6g6qxKWSr2R6DCMBzlXQpYeP4eJ1mfmVIm7Cs+"
    "cw8kJgPpjKPXiKyGdv7m2vWeOyejZz3MIcGFt/zmbXXBo6kbnRMs31K7XEu82WXLsLwIYU"
    "MPjHMRW/YtGA1/u8bNa0KJzWCWgRHY9ax8DBjGwGPcfuCrDTsZUMJuw/IilcvpZM59TjK/"
    "OwBwsfzuWHiFbD8RyXxdJV4zL9tZnEidKlTK0Ju2i6tTheLNfTP9yzKnCgkJn5PvaVrF+U"
    "3ivIrvq62eWYlU2A1i6uLuUfX2gWUyNx84WOpi3BG5zHl2kP9ouh3kVaryjVXBEBe+sWre"
    "YKawwzWGM4V9qoAmZXrUTBWpsQKqAprqxnUV0LQZAU3qQvTKhDS1nFsvgdbjtboUva6Xoh"
    "ugEnPkO+KX4cZbk/azumWKpCb3HeB0MroxWzHzzlFhB4n1zlftcfnTucUy8iPGOU1mVnmD"
    "grqjTd0qVi6ky98q9jCelHaBG6U904fyAA4UHeqibSDnXPA8CwFN6b4M5chQjgxl0lbHpF"
    "WOjK+R68qRsRmODPX+vq/hCFu5qyrjrvpgg3ksBFhosMQGMaJOKW6r+ODkeJ+iqF96XnDx"
    "ffE99wlmte85GVGb9m06GjiEWnrgZiztHnvla6yCrzFu4c61KcboNmZLRH8hpi+RIS5fsH"
    "SFjsKva5cc2QaH1bkg7Wn2bcZx+jXK5On5hznFTuS0jUUquKdQVuRGY8DVHeckQcnBH1Gv"
    "Efz2+ZvzRdDvURuhx3vgu3woK21lM0Al8W9oEr/HljnPVhJE6nRl+umKD1sG3rnPV47Chj"
    "YT1pknLIlptXgmf/xtpovn8cdenFoTuJM7ZiyAdnGQYrG6dQSJOpjauILJhIdxLdEY20RX"
    "shRY6gKNB7pAIzG5Ck6C45Nv+omwRv2qkjnGHwacUBJEivjE+M6+V1A8ZPheAmdgjJrE4c"
    "TFt6GA8oqp8uQebUd0Z3mViMnoHcsaFKV0kHNs/TEMg4jabFxPO8yO6knkHSeh1RK0qzxl"
    "Lrz2IVdZyzn98Dfm5U6Xy1S4V3LbQ/E5cpKr8vhm6NTdGiqQSwVyVWDzTZsZc70eMrYZLA"
    "+suImt5gmHmXWwasFyhfe0JxTPGUrSHBe246scsbannPiaTIdRO0fXmV51qtYiCKcrLKKK"
    "rK7iX1Qe0CgdpUI6SsjIObbROI3aR5VaotSSim2cc6klZrBPLYlp3RwtaVDjq16VFBGhBO"
    "boIIFyWKx+4IUOa47at1nfcFxmzxFLL0apJQhVOH3VluxpKgYycI7L9+PVaxj+t/sCY78S"
    "4X/PoOBvB36n0x2wIdWCeQySw+0hdROofMkMpPGMuBzbJbAigYh4MWK60cerEHlPvNXVq9"
    "8kN9s38Ee7EVVutm62yaVAqUlgref4M0iXOtkMvQbVqVy02YspsWYvMpFmwc/S5rzpN02n"
    "rvyVCcaEyWXkbPW5YhjWraEMeiG4yfjLn4NI2y34u9uDPwc9/PhDL4i6/f5nr9b2jGqPr6"
    "625Wo+yQ3gzZdIjL+HNXcEv4s5/q8cWyaG73rx+BM+tgm/twi38TOhNgMpJ+I967ny/LNf"
    "gHtLGaG/YgbNK9gJIiXVMjjTO9h5bW1sy4p2kqCO8r0j/CRxAX88cN2R8+rp0yikPpTLML"
    "D+6uqq8e2PP8E/V0+vv5esef3dv0/pyHjqoepId/CfR9ffw0rh3PWf5AZzWeRGjPmGXL4/"
    "JeJyCfhBAxB6ndnkJtEn7OOIyysvpt/oumMQfh3MF8tL38HiYMvMrgWJpmBhwDHJLQiAc/"
    "FMFQ8z1yeI9SjH3Cy4OiGs/hVem4AcI0M6ITon7I7ZE/HihyYBy0B8JeJ1JQ96m4JuOIj0"
    "QrlbSdLNiVS/MKwui0ICBJe61PrWFbeXE8N6LVr17yOHKhN8vE0uBrg7g6ou5rTT9GqJa2"
    "PgX45slw2CrlPE+4A6A5gFI+o49zzvLUXFykIOaR13szKUhowjZh7RzRCrnOeqiJxMprvK"
    "eX6YnOfMuYZMCDLoZpp4/cWSsZCtkdHGZjZQFKViRqNggSWBqmNkRSpPY71B7RVLs5HCyL"
    "DuDFcgsCRMJ2FDdZ1O8fcILRH+H72yqC4glXno12JgRQ4aOcd+/pPmtIM/GtUp8+RPRfKs"
    "M5KnUKsrtp+K9TplNxU5W0c50ZvFCPvVa4ju7s6O3OUT066eyKaQWq6vVCQR/u/F+VlRAm"
    "lIkrZCja5L/iUmmKobiPYUcBGMhKmZuW0ifbFEM2lDYgOH8xkkq9/Mvvwf0RKqhw=="
)
