from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE IF NOT EXISTS "labels" (
    "id" UUID NOT NULL PRIMARY KEY,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "version" INT NOT NULL,
    "name" VARCHAR(255) NOT NULL,
    "color" VARCHAR(7),
    "board_id" UUID NOT NULL REFERENCES "boards" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "labels_board_id_id_idx" ON "labels" ("board_id", "id");
        CREATE TABLE IF NOT EXISTS "task_assignees" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "membership_id" INT NOT NULL REFERENCES "board_users" ("id") ON DELETE CASCADE,
    "task_id" UUID NOT NULL REFERENCES "tasks" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_task_assign_task_id_3017b4" UNIQUE ("task_id", "membership_id")
);
CREATE INDEX IF NOT EXISTS "task_assignees_membership_id_idx" ON "task_assignees" ("membership_id");
COMMENT ON TABLE "task_assignees" IS 'Who a task is assigned to: a membership, so that it ends when the member leaves.';
        CREATE TABLE IF NOT EXISTS "task_labels" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "label_id" UUID NOT NULL REFERENCES "labels" ("id") ON DELETE CASCADE,
    "task_id" UUID NOT NULL REFERENCES "tasks" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_task_labels_task_id_85ee74" UNIQUE ("task_id", "label_id")
);
CREATE INDEX IF NOT EXISTS "task_labels_label_id_idx" ON "task_labels" ("label_id");
COMMENT ON TABLE "task_labels" IS 'A label that a task bears.';
        ALTER TABLE "labels"
            ALTER COLUMN "created_at" SET DEFAULT now(),
            ALTER COLUMN "updated_at" SET DEFAULT now(),
            ALTER COLUMN "version" SET DEFAULT 1,
            ADD CONSTRAINT "labels_name_check" CHECK ("name" <> ''),
            ADD CONSTRAINT "labels_color_check" CHECK ("color" ~ '^#[0-9a-fA-F]{6}$');"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE IF EXISTS "task_assignees";
        DROP TABLE IF EXISTS "task_labels";
        DROP TABLE IF EXISTS "labels";"""


MODELS_STATE = (
    "eJztHQ1T28byr9w4nWnaGgKkhDTp9NUQ0vBKoJOY5k0DFWfrbKtIOkcnxfGk/Pe3e5Ksby"
    "MZZGxxmYyx726l0+7t5+3qvrYsrjNTbO5z6uitF+Rry6YWgy/JjjZp0fE4asYGl/ZMObKH"
    "Q2QT7QnXoX0XWgfUFAyadCb6jjF2DW5Dq+2ZJjbyPgw07GHU5NnGJ49pLh8yd8Qc6Ph4Ac"
    "2GrbMvTIQ/x1fawGBmcqaGnJ9s19zpWLadnR29ei1H4u16Wp+bnmVHo8dTd8Tt2XDPM/RN"
    "hMG+IbOZQ12mxx4DZxk8b9jkzxgaXMdjs6nqUYPOBtQzERmtnwee3UccELyT5rkGoLbPrT"
    "F1N7Fl75dgnjEYTTs57WrvD7ua1qqAyD63kQiG7SLWvl77142wI1tbeIODN513j58++07i"
    "gwt36MhOibvWtQSkLvVBJQUilPcdhgjSqJtF/SvocQ2L5aM/CZkigx6AboZfFiFH2BDRI1"
    "qLIXJD9NWA8BY8oH5qm9NgIcwhQPfo7eH7buftH3g7S4hPpsRfp3uIPTuydZpqfezTiwOb"
    "+dw3uwj5cNR9Q/An+ev05DBN1dm47l8tnBP1XK7ZfKJRPbZmw9YQazAyoro31hekehJSUX"
    "1VqB7iKEb2YPYR1T8zRyA2MiT/M+pIEDsGkKI0YKsu2m7XRdgkXOsNnxA+cJlNQE0Rh/W5"
    "o5MJFWTiGC40w0wIdcnAcITbJtTWCbcZsbjDyMRwR4TRPnzohgtXIYYrCJ/Ym+QIvlwedu"
    "nwkhgCrgwfhk0+edxlYhNnz75Qa2z6inD7Ys7qOjrpStkd0c81XJNlqddlX9wM6WZjU4QD"
    "jKwjU1r0i2Yye+iO4OfO7i6ylmFHTbhoQAW7zJFP//fHv8/Pv2xtXXyPX4T8Dh/Pd8/PvQ"
    "EbDC5m/d9kZ9XaJi7Hm5D+iKIRBFzQJjZ3CTVNJDasF4v0TGpfZSja+sB6wnAZMSnYCaPW"
    "PAL/2XknFTfcKSUTToKuHb8vuQriky23FlIQC62IQKus5oLY3oJ/RSvgmwyNDkGuAQ7g+k"
    "BKYHHLEy7pMaIjg/fYAFkcZYJkfST4WzrdLEVKOZFCYga9SXIaQht7PdPoZ4n52qTDrNUb"
    "H58iZY9zsy7uDk3hOoiJ/f34TZL8+GEkPQnCkG5EGEOb6RsgVT0BjRadElTZkmLSgckwJV"
    "51HvX2T0+PEyp8/6ibouHZ2/1DIK8kLQwCDs8X0UAn7pRky9nY5jHkXooZH33c2viJbgw6"
    "G68vvj67zhO6HYL48BwCGvjykeMMh73eZVa+PtoZPN+CxyvDjXuFnLiHXIhu6OAq5hVhQ4"
    "/2ryawiLRET8yZZlYP9MHIGIssmfcD4Ne/v2MmLZC3cXf8DFbwGqrj63Aph6151qa/0G+J"
    "pQOfWxqKIph8EIJZHEPHeI0mIQi5kO/wIr7Mdlk7VrqF2nQoHwnvjXfKMF1RgCzkyBuCZB"
    "rqnnKRMpBskdB4QSYjA/wGqbpGHOYcNDjcZOBgBL98PUaOoNtlYHSibgP3BGDAGvmHGzZg"
    "VsrGOJ5rvVFOVO9jywuQJa/SukiF+b62IqoEWPNDdvB5IeX6GHxbdDBnhAspEsOxFkL6/7"
    "9IWgQs4GsHQL/8cV0prnhkuxXCijn+bqCAbxdPrFMjD3EKGzvbP+79+Pzpsx+fwxA5zVnL"
    "XgnvszhyiAspi9YDcJkObc+SuD2CCVG7zzI4DmFX2TkFsxN8A2QIn6ukpanzDNuVclCelX"
    "Ee0qGhmOfwLO02xPmpbMA8DnOXYfPV0CQLBcZjIVEQNhXxGQNR6MwzqFPLNcfDBVcb3Lnf"
    "2TQjL+ZYzeuL1Iy1A80OncxUVoJF4enhmZnvah503h90Xh22Mmv2DpDaMC8kjdMYm+ajtI"
    "zfRwXGHSyG976Vvd6l4qojL8bWcXvkXsz2g1DkZmz2yD8sNthjjqja1lbb2mpbey03ONW2"
    "9kOkutrWVtvaalv7/re1j2wydjgyrahjTxskgpG/of1HrCexEuIgy+Pi2uN1uI2ditK1yU"
    "0bpF3gdDlrQi1uDyXbCqNnwu2AxAOHW3hdZG/uuWRIx2KTvGe2jjvgyP1jzxVxcYEGLpOy"
    "QYyMQdDHsVW8JP4m+ZTb/pYrXIZYjNoi/JVZPFvVxIHaQl2fLVQVkVQhtCUj9Q5CaGXiPS"
    "4VV3cQ6WkQnmuO8FgYW2vlhnj8rvb8GI81i83VGuRJbGriIim9pxlOUQugbt7PROkau1sY"
    "xyx7n2D8XW6aqqiVilqp+IWKWimqq6jVA49awQO5gVlSylGdjW5g5CrMvy8XuyqMTW1vte"
    "E6sfBU1nc95vxKkCHnOgKAcKsrLT9m2pU1gWIgypddleyaFYvx1BIZcANH85aBgYb5q+1U"
    "XCDGnquWWbOai3ThxBq4Pzk5Oz6eF2mpM5jgp8TnhBJmufLFgYQoJX95YYRqudH+DOtKi1"
    "YevvLwla+nPHxFdeXhP3APX/7NEC/XvQ+HNtC3X+WslDNniEGVGhJSVBKCSkJ4sIEblYRw"
    "E1KXlIQgXT2ZxZVFedVMBFUnXiGC8A7wc2xYRm5CQtTZnhdJQBxrJo4rWSceWUiCW8x/P4"
    "2EZ76hBHiCb2DeoPWD4QHQfWAb2TqfvJRGlbw12kFnJ8env/12+CpbIl7TPSoGPJitC3Rp"
    "boh0xDCoBSCLhjqu2DTLQlirnK8SguF3Y87dbxV42pi7K1upOMaB9oI1zquTK6y5j4M0KJ"
    "n3tsX3EU5DjsmgdH74IAbWwNjB+sYK/BBRxs66n3D5e1/85qm6sGuuohOh+C6l5TryBV4b"
    "RuC8G7rvuINm4VfM/hachn9c4/IlocRhsMqEC/6EZ6O/b5tTfGsJqh/46YAmA0jMVM97E0"
    "o9N6mo50pm7IUILJmxl0oLhAsbcOUS+nR2nwik2q1MKlycpF7lZnEgtVOxUo7ePC2udiqK"
    "lft6xqzL7FQkOLwi3dOwivLrRPmYGqlqZCYgG0j1NaFyoZ25EolYa0TUxcOj6oU8Nb+Qp1"
    "Y/yOvJTLo8Pyjomu8H+YNWuQYpnGL5GiRlkiuTfA1ET4MNM5U81DSqq+Sh5icPqZfarH76"
    "UEdckQF3CPVpXkcekSE0NDjQws1Lmyg44CMBssQzPmYt93jIB/Ao8CEexZIhmJzekg7yUP"
    "VfqmLpvv3kGyuW7sdP7hY4yd0bPeTluMfKZVUu6xpIgTV1XpTL+hCprlxW5bIql/X+XdYP"
    "Dh4uiitKxvhhXZmMilpcV3XO6G3PGe1OOBkDiYcOHY+E5PEg1FDba0vUi3TVi3RnDAxuEl"
    "pKVW2wONwdWGDL4WiMH2HVQuIw35Jnda2vDZY1vceOwUFHFFQ73HwyWxx+ebq9dXz6oaJj"
    "Kw0sTxaA+jHDFTmYDfDqejm1D+XQH0EvEfnd01eni2B/QGW4dgRGbZ9bZbmtbgKo0t31LN"
    "31qVIx5p4AUlH3+VH3/uywrFvG3Rt3KnM7FXlPLKvF63fjb6VevHo39gLshqA7qTBjaXOL"
    "IymWoddEJKnjB6seq67K5pdfNp9YXAU7hPHFN3+nUKPB0JKVhR9GnFCCkBgbDYDxPbEvoD"
    "k6Gb1NBAcXm0q3AQtkyWQURGmDg55NRj+zrD9Ryw1yz1UPJVl0zfmHq0fjSlQbJlGrJWDV"
    "AetLr/Eu3jtNUrU8fjNwDYrq3V1FvUrwUQk+9+1mVHolcUwZ3B6x8v1LDS8zysjBVUuiKn"
    "xPccLwvMFIqvDC4laHyNG+cRJYMj1GnRxbZ/7QuVaLBJxvsMghZW2V4IXHIYyyUVbIRpkR"
    "soIajcMoParMEmWWrJjirGSWmKGeuiVOmxZoSSM1LvVWyRCRRmCODRIah8XmB5Zxq2zuh5"
    "TNjRSv8Fbs+PAG5glu72bOvHoKDf8IeE7RHzGLaqFdCsYvdyzqJrBynTXQn8pjsHa3CAgH"
    "zAuUqUO6MZT5nwP4NSX++Da53LyED+1SDrncuHxJfCy1iTceM0c2m3wC3/pUYKIR5ihhDF"
    "JQK1ta1aI6LZeTtjsnI203k48WPqxW8QWcaTj1Js4yKZuw5IwcXZzLnLOxDeRMP4M3maX5"
    "a5iouwGf2wP42Bvg158GYdLuD7/6ozZvGPb4/Hyz3MjvcvN/Oy6xQO7mpADbbJb/a9ifDc"
    "w8ZNX4mhzZMEJMUHb4lZSIL7iEidnCfssUUzz4xCbcwe+EyhRFQnUQZbmC4degAVVXHZnG"
    "cilWlRAJICUeyuCZfgbF7mieU1ZGJAGaKCi2ZEQkLikej1x3LF48eRKl9s8YfJbgf35+3v"
    "r251/gz/mTix9Kjrz4/t8ndGw88bEqSt/gP48ufgCRIz4Pv8sTJ5izPDb6ruewF8jHl/IB"
    "wC7QdVkiIAvc4QlHIAV0EBuXiUlcbpJjNnAJ5jPDSB9pvpyQucogknTwY2w/+RmbQtWcFR"
    "WJC4PcwCmXkxdAhuKFLDszZfVSXOX4nQUl9bPhD6ycPqQYseiU6Jywz8yZyve+t4G4/k8i"
    "Tyu413L7ERUjpmtjKsSE550wUawIckCbKKnqUAgOGxoCJN9CpZoZYFWtuSqVAmVqdFW15v"
    "pVa2Yi22WSUKNt0FumwzVxzziVgb7cdN0Vqx8ol60be9n/LbJ1o3MFmrKQ6ozRdxjYeqNW"
    "TpQ+6GnPi9PTaMzKBOrVxvstN94L1XexoVyswJWBXBQxGeckWxVjOBjeQOxub22VK1ifV6"
    "6erfiy3UBTJjH83/enJ0X1XjOQtLsB3jD5l5jgk6whtucgF5GR8ClCnD5+2/lfGt0Hx6f7"
    "aWcBL7BfzXq8e2V2/X9yXUtQ"
)
