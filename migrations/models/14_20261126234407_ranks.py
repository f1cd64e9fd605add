from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


# How many siblings of a row stand before it; what is in the trash stands before the one in its place.
ORDERS = {
    "columns": ("board_id", '"position", "deleted_at" IS NULL, "id"'),
    "tasks": ("column_id", '"position", "deleted_at" IS NULL, "id"'),
    "subtasks": ("task_id", '"id"'),
}
# They are as far apart as if the rows had been added one second after another.
RANK = """
        ALTER TABLE "{table}" ADD "rank" TEXT COLLATE "C";
        UPDATE "{table}" SET "rank" = lpad(to_hex(1700000000000000 + 1000000 * "place"), 13, '0')
            FROM (
                SELECT "id", row_number() OVER (PARTITION BY "{parent}" ORDER BY {order}) AS "place"
                FROM "{table}"
            ) AS "places" WHERE "{table}"."id" = "places"."id";
        ALTER TABLE "{table}" ALTER COLUMN "rank" SET NOT NULL{dropped},
            ADD CONSTRAINT "{table}_{parent}_rank_key" UNIQUE ("{parent}", "rank"){included}
                DEFERRABLE INITIALLY IMMEDIATE;"""
POSITION = """
        ALTER TABLE "{table}" ADD "position" INT;
        UPDATE "{table}" SET "position" = "place" FROM (
            SELECT "id", count(*) FILTER (WHERE "deleted_at" IS NULL) OVER (
                PARTITION BY "{parent}" ORDER BY "rank"
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS "place" FROM "{table}"
        ) AS "places" WHERE "{table}"."id" = "places"."id";
        ALTER TABLE "{table}" ALTER COLUMN "position" SET NOT NULL, DROP COLUMN "rank",
            ADD CONSTRAINT "{table}_position_check" CHECK ("position" >= 0),
            ADD CONSTRAINT "{table}_{parent}_position_key"
                EXCLUDE USING btree ("{parent}" WITH =, "position" WITH =)
                WHERE ("deleted_at" IS NULL) DEFERRABLE INITIALLY DEFERRED;"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    return "".join(
        RANK.format(
            table=table, parent=parent, order=order,
            dropped=', DROP COLUMN "position"' if "position" in order else "",
            # For those who count the others without looking at their rows.
            included=' INCLUDE ("deleted_at")' if "deleted_at" in order else "",
        )
        for table, (parent, order) in ORDERS.items()
    )


async def downgrade(db: BaseDBAsyncClient) -> str:
    ordered = {table: parent for table, (parent, order) in ORDERS.items() if "position" in order}
    return '''
        ALTER TABLE "subtasks" DROP COLUMN "rank";''' + "".join(
        POSITION.format(table=table, parent=parent) for table, parent in ordered.items()
    )


MODELS_STATE = (
    "eJztXYty27YS/RWM0pkmrezYTmKnSae3iuO0vnXsO7HSdBq7NCRCEms+VBKyoknz73cXfL"
    "8kUhJlikGn40ggloDO4rF7sAA+twxLZbqz2xlrXeuWma0X5HPLpAaDD6lnbdKi43H4BBM4"
    "7ekiMx1rCsdsIpn2HG7TPocnA6o7DJJU5vRtbcw1C0tpdcgtm5HejExHWn9EKHGfEhByyM"
    "CyIWXiMHuXnMJ3h/VtxonmkFvTmpoopkHyiDojYpn6bBfLVK0+FKqZw2pePzG1fyYMfuOQ"
    "8RGzoZCP15CsmSr7xBz8+rk10Jiuis8tfLuiqSgJfzEn+zS2mePA73d8YR/pEDzFk3P//y"
    "Qgno1FppZ4B8AqvnxB+fGtIoqMqc0tVKQrvuz796ev34icCFRP6Vv6xDDD3OMZH1lmkH0y"
    "0dRdlMFnQ2Yym3KmRpRpTnTd07yf5OIDCdyesAAYNUxQ2YBOdGwSrR8HE7OPLYFgScqEa9"
    "DO+pYxpnwXU45+8uoZkVGU84uucnnSVZRWqjlhfRJNwEvqA9yAmWZyRP3zF/e9IToitYUF"
    "HP/aeffwyeEjgYfl8KEtHgrsWl+EIOVUCXUcQi7+TYHeBW2l8PazJhCHOi6DtZ8Qgh12Nx"
    "85H5sK0GwZ9JOiM3PIR/D14NkzyGJoZpi0j7+Ucs5s8eP/+vjX1dWnvb3r7/CDIz7Dn+fP"
    "rq4mAzYYXAfPv0nXqrVPuIWFkP6I4uDCbKdNTAs6ta4Ta0CgWxqkp1PzdtftK9QY627XbJ"
    "1rwxHXZwQ6oWXz1vWcdvB7551oClCSaAsWlOWOcefeowP3GbaJsA2I/qvgmJFuCcdQ4ezu"
    "F5daT6NY3AE31iQOnxYA+vBpLs74KA6z07fwHSmIO7ZNZ9kYhyIJfHXN4VvY6+ZA2j35o/"
    "vxOgEZTG744xTK07C9hidcM1g2cnHJBHqqJ7rrf9hCKFvwA9ULmOK9XjIP2tO3J5fdztv/"
    "YXGG4/yjC/w63RN8ciBSZ4nUh4eJlh28hHw47f5K8Cv58+L8JDnnBPm6f7awTnTCLQVsE4"
    "WqkQ7tp/qoxbSuU4ejNbGM3pOya9C8V+W6KH5LFO1jMlfTMKdp8Lol9ByXbGD/bpKaIx5F"
    "UeM+IrJOC7++Sl1gw6PPNLjNNOERqjS0byybaUPzN+aaFqdQD2r2swx4z1l+771mOyENU8"
    "MR26bTwMmMNij47fCLGXcN3M7lcef1ieuV9mj/dkptVYlBjU+sAyuREuRNPzIOjGQKNelQ"
    "gIO/Auvsof7Kgle0MrgL90F7HnHRwyzFSIt8OEuSA5qjjCc9XesvIgbcyilB/gWcAA4XkW"
    "K4xnVWjIHwChISi7mHRDlxM7FwYaFY6RInY3WZEkMxya/UbWxuz+FXpAeTC3iDPZh4Jy+j"
    "9bik1HpdtJ5h53q1D7V+x2wcwtMq/z18EFN2RCChabRjKtLtflWKTXCev1pTYg04M5HdJD"
    "brW7ZKptQhU1vjkAw1IZSTgWY7vE2oqRLLZMQAs5VMNT4ijPbhj6pxJEhxUcOamu6ix81J"
    "lw5vcNGDj+CPZpJ/JhZnToo73Z9Hlp6edxNsk2sULtNr45KSc6hPJ02PzYFpWWDJI8gr1z"
    "w2uubxgfUcjTOiU7AGR1WseUQrW6wtJCSWahE169bxBrG/B//ltYBvUjo6gdkLMID3gyph"
    "IDcmDic9RlQcxntsgAM5jvxigEeFv6Wz3UKqFBXJVab3NK7O0C1NKfONTodp3yaaP6HKnm"
    "XpVfVu3+GpQpn4vB8tJN4fP4yEg08Y6o042tBk6g7MnUiMEIPOCBpmQmPC5Ux1SnzrPO29"
    "urg4i80Br067CR2+f/vqBNQrVAuZNJeBSU/EoCcrg9LK7JZB3uZ1yKNEZ3zwcW/nB7oz6O"
    "y8uf58+CVr0O0QxGNiE7Czbh7Y9nDY692kx9cHB4Pne/DzivTGo9yeePQoi5jM59EiHBcz"
    "ejAfjLRxxnroK0/4zW/vmE5zxtsoS9Yw5jLZFaChr4jSsdtbGgqRZt5pXCCwIkynwYuaCh"
    "VU3iORl0fpDN/RJIAqp/fF+JRH8fuD1wKaX0TXFQ5QDMfXF14YoZjlRxbU2UuwLZ2Bx+19"
    "c6d8cgqPOQP7HM0A8NdBBgy3vy3NBGSzQhWrKyhjXeJjsNQl3tK6nrdQ4aJWNIwxgrHiS6"
    "6ZaD81eQmePYMA8myV+sZPDbEKOwf7T4+ePn9y+PQ5ZBHVDFKOCtAx+VQ6NqQ0rBigdmJO"
    "jNQqZwxjX7bOfjxY6OBGYYdwe5UwylUr1e0K+XKHRfysJA0TcbIOkx5WtD8VXUGKyshV/A"
    "SgMiiiyqCInr98vmJURLAMv52gLgyLiHbR7LiIZJtdA6gNc9iSmK4QahJCTR2kaAyGZa9k"
    "r3epc9sRL2PbuF54L2b7sT/kpmz20JXON9gjPvvmAnOCjrzA0vUqF7Vyq4nL8QvaTGCOX9"
    "oGI3P8ImVojgzNkUEadVj/laE5X6PWZWiODM2RoTnb10llaM42huacmmRsW6h1p4q4HBsK"
    "TbeAd15qnNP1EjfXACImsOcOYh3cv9io78MAxn2zsf7tw/vwbeePR7E+fnZx/oufPaKO47"
    "OLVzIAY2sDMCRJL1nlDYO6Bla5CAXKqXO7BvKzQThXTHoaSDe3MllP91F7Pu1pBHT15nhP"
    "bCSFl/n9KiqeVHmO0KP2i5YTnolUKffplbZR8tP/hZL9lOyn5MFq4GJL9vNr1LpkP5vPfs"
    "IP4p75VcghD3I3kBvzdykVY8dy2a/9vTa8J0KApX30M8u6dcjQslQUgMGtqs1LERO2qAkU"
    "EZE+e10C62rGZVXCgHDPoV6RAGmYX95O8B+R7lm3oLp6NtKlY+qgfHL+/uzsvs5viuwZyu"
    "BN4juK8qmTxBamIls8dM28DU+Jno4s3NeJBz+DSSI2UjiEBrstwDYRx7WWO4e6iiKWjWpr"
    "FyElIjCW2MWRYELESwqxPNHiQinJgdRqLmvP4UAav6Okg5uw3E0lM9Fj67KZZAbeK1jwGe"
    "S+BbhSM2epKiK2wU37QcpmG/YaN9TLE74zmvX6T/jG14OhkrFmlbv5LyqyFNWyGXtOkCZg"
    "BM3EpjQcSV6Kt7gXUkAyjJc9ZhcdXtayUzBmQZfBfCW8lxpB9pZFe0TvmICbqfeErVwnyI"
    "d6OxnjIusE8mDuZWbsOmm5UMCljBdaM/cYcR5LQBqXkqDKIKzNb+312uDmiMhthTXeWet0"
    "lrx7Mk8GDRkc2ZPPQIYnA93DltV2EXLPreHyvJ5/fVnhkvBr5bFbXlkbjNzySpRxW9vJWU"
    "p/LBfwBvtjMm6raVqXcVvNj9uSl6vWfTfje3uIoXIVbGSUW+jkFjrJ3kj25n630AlnT4f6"
    "rGEfnTz4twQX8w7wOdMMLXM7XfiwPY+TQYwVHfMVjAoLLSTHMph7N4OQZ66hBDjBJzBv0P"
    "pBggDmPrCNTNWavhRGlSga7aD352cXv/xy8jodFlZRGSWpI2aqYolpAdcRQVDxRJalOm7Z"
    "LN2F8mMnvOyNC5oAS2ddtlI+x4H2gjHOOvgwd00/KrI516dK2Ne8ju/3mBSkC5ZzQ7EGcg"
    "fbyxW4FFHKzrqfhYdLd/jNmur8R3MnOscfvgvNch1xec2O5jnvmuo67syNP/4WnIa/uXbz"
    "klBiM2hlDgd/YmKiv2/qIpgZpx/4asNMBpIw27Cs6OdqCik5zxXcb+4DuNx+80jIRtFyQp"
    "FyRenU4VhJtUxhUSG5UlErR2/eLC5XKvIn9+3krIusVMR6eEm9J2Wl5rdJ8zJmsLF2Zi22"
    "126RUpenR+UNC6vsBr3nAKzLSU/sj87yg7xH8/0gN1OdT9Dyq7j0CVplA6SCAjcYIhWUKY"
    "OkpOvRMFOkwQaoDJJqmtZlkFTzg6Tkoe/1D5PqOLfuTl9X5/Lg96Ye/K6BnW2h3hG/lDbe"
    "6HSYNlgTIg05mAGbk9aPOKCpy1qFc4VH4cBoqMIomuo2onrzuso6T3iQZ8jJU8+qhXT1U8"
    "/uh5Xp5lAy3YV8zD2QMW73LEzHeNSIL1TlfY4e7bPUbY4qIIDeU5mSfJnKGaaN00uSW5Lc"
    "kmQZ6sMySG7pa9S65Jaazy3JayO/hogEySDWn0H8AEMEE+OGMIth9NAZdSphEqO1LtYoEh"
    "LN24XpX5qQf0dCTFndqUXGoOKhTccjR4zkHvNb2R0Ikv6tA/0b9dNLzZYRua2ZK5HCxW1q"
    "xJg4nPRYSOJ+XdPn2NYsGJ1ztrctPgk7Kr/BPnl28aFktxMG7ETs+Hdp+5qchg248knGZr"
    "di8IfSGwS/e/H6Yhn0B1SsmOAdAn3LKNrbqlaAPKthO89qiJHlRUnQmJBc+Jq/8OXBloK3"
    "9NLXcfCi7YR14eJXrFktf2BD9BLd5Y9riNzX2xC44xNmJE56eZAiIdlNBIk6uIN1DY0J10"
    "k74mVsG+npQmDJc1Lu6ZyUWOPKWaSPNr75i/UK9bIW3Er+YWQRSlASuWdPGK97fAHJBsMr"
    "LZyRNm4TxyIcL9IB2xVPRCDTkceCu5mIzugdS/sTlRSQEVHwMYhQCd/Zup4XZxDmK7C9PA"
    "6tEpNd58p17ukemcZaxoqKNzGvtmJdpb29lkM98tem41otjm9KTh6hImPsZIxdDSbfpJtR"
    "6mbRyGSwOrDiwL2G7ytNjYN1i2PMPeI/ZnguMJJKnPWPt4Bibtc48SyZHqN2hq0zP+tcq0"
    "UIzjdYRJaitop3xr0vI22UGtkogSJLTKNRGTmPSrNEmiU1mzhLmSW6P0+tiGnTiJYkqNFR"
    "r06GiDACM2wQ3zjMNz/w3I4Nb6iw2VBzOLNLxOeLWioxQRmiX7che56JgQoscfdCNHsDww"
    "L3n2HoVyws8Akk/O3A73T6I2ZQxW/H0HMs26A8hsqXVEVaTzASEN5LYETCMEARIqZqQxHU"
    "OxAXArv52+Rm9wb+KDciy83OzUviotQmk/GY2SJZt6bwqU8dBg4DHiiNxKdDjfSWyhZVab"
    "EQtGdzAtCepcLP/B+rlDzmOSknz3suEqEJTU7LMAAyO2eQt4E90w3YjQdl/uzH5e7A3/0B"
    "/Dka4McfBn6M7vc/u7l2F2R7eHW1Wyzno8xw3w4nBoy7GRG/JgvCffE2REcDsMv1a3JqQg"
    "5nimOHu4Ma8YJX6Bgc7KbMMK7EmprEsvEzoTYDGUJVGMoyB4afvQScuqoILBZNsewIEROS"
    "w0MRnOkdTOy2MrGLjhFxgSYOFHuChomOFA9HnI+dF48fh5H8QQcP4vmvrq5a3/74E/xz9f"
    "j6+4I5r7/79zEda49dVJ3CBfznwfX3MOQ4d8NHWcNJF2P/tT6f2OwF9uMb8QPALlBVsSNA"
    "HC8Cv3AEo4AKw8ZNrBI3u+SMDTixJhxzuqC54wQOKjgkqeA8mWRgW4ZI8qfm9FARezGMG1"
    "jlYuMFqCG/IYuHqeM0xHCV4ezmHKURZP/KjtHwNUYMOiOqRdgds2fidpE2KNf9SsSdOPd6"
    "zIaqOYj0UjvK4qLbEyZ/qZl9FgYkCC31qfktF0fkgwXw0p283UPvIcsMH++SyxFO3uAoiD"
    "aNhgPmEscI4X4hVHvRCOwmhduPqDOCVjCmjjO1sq7CyrclMkSbONlVYVOkaKAyXTclLHdx"
    "16XLFdm7L3dxb98u7tSKTJHgabDrFHE/y4pRnJ2x1sXXbGE3LhTtGoY5rAhUE2NCEjtMNh"
    "uOX7P9QYUwQgqICwRWhOk0eFFTm1P0oqsVNi6Ed2o1BaQqlys7DDzQUStjwdJ70p63ZEnD"
    "PFWuWcoYpE3GIOVahPm+V75NKH2uPB53nBF3mo+wl72B6O7v7RU7NWPemRnpza8m94yKOM"
    "L/vbw4z9v6GogkPVitz8m/RAc3dwvRngMughFzU1PHZCRPxGjH/U98watyDsn6J7Mv/weC"
    "Uv5S"
)
