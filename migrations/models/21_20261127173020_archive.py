from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


# Who counts siblings sees in the index alone which of them are shown.
RANKED = """
        ALTER TABLE "{table}" DROP CONSTRAINT "{table}_{parent}_rank_key",
            ADD CONSTRAINT "{table}_{parent}_rank_key" UNIQUE ("{parent}", "rank")
                INCLUDE ({included}) DEFERRABLE INITIALLY IMMEDIATE;"""
PARENTS = {"columns": "board_id", "tasks": "column_id"}
INDEXED = """
        CREATE INDEX "{table}_archived_at_idx" ON "{table}" ("archived_at")
            WHERE "archived_at" IS NOT NULL;"""


def ranked(included: str) -> str:
    return "".join(
        RANKED.format(table=table, parent=parent, included=included)
        for table, parent in PARENTS.items()
    )


async def upgrade(db: BaseDBAsyncClient) -> str:
    return f"""
        ALTER TABLE "boards" ADD "archived_at" TIMESTAMPTZ;
        ALTER TABLE "columns" ADD "archived_at" TIMESTAMPTZ;
        ALTER TABLE "tasks" ADD "archived_at" TIMESTAMPTZ;
        {"".join(INDEXED.format(table=table) for table in ("boards", "columns", "tasks"))}
        {ranked('"deleted_at", "archived_at"')}"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return f"""
        {ranked('"deleted_at"')}
        ALTER TABLE "boards" DROP COLUMN "archived_at";
        ALTER TABLE "columns" DROP COLUMN "archived_at";
        ALTER TABLE "tasks" DROP COLUMN "archived_at";"""


MODELS_STATE = (
    "eJztXQtz2za2/isYdWeabGXHdmI7TXb2Vnac1FvHvhMrTWdjLw2JkISaIlSSsqObzX+/54"
    "Dvl0Q9KFEMOh3HBnEA8jt4HJwXvjaGQmeGvdsa8ba4Z2bjFfnaMOmQwS+pZ03SoKNR+AQL"
    "HNoxZGU64pqD1WQx7diORbsOPOlRw2ZQpDO7a/GRwwX20miRezYhnQl5HPDugFDiPiVAZJ"
    "OesKBkbDNrl5zD3zbrWswh3Cb3png0kYxD8YDaAyJMY7KLfeqiC51ys19O82OT/zVm8I19"
    "5gyYBZ18voVibursC7Pxz6+NHmeGLn9vYOsa15ESfmJN9mVkMduG77d9Yh/pEDzNo3P//y"
    "IhnoxkpYZsA2CVf3xD+tG9JruMsc3tVJZrPu3Hj+dv3sqaCFRH6wpjPDTD2qOJMxBmUH08"
    "5vou0uCzPjOZRR2mR5hpjg3D47xf5OIDBY41ZgEweligsx4dGzgkGv/ojc0ujgSCPWljh8"
    "M464rhiDq7WHL8T+89IzSadnnV1q7P2prWSA0nfJ/EEPCKugA3YMZNB1H/+s1tN0RHljaw"
    "g9NfWx+ePD96KvEQttO35EOJXeObJKQO1UIeh5DLf1Ogt4FbKbz9qgnE4R0XwdovCMEOp5"
    "uPnI9NCWg2hvSLZjCz7wzgz4PDQ6gy5GZYtI9fSh2HWfLj//P5Pzc3X/b2bv+Ov9jyd/jx"
    "8vDmZtxjvd5t8Pxv6bdqvB/bDjGFQzqMdAxq3u+6U4IOR4Y7AxuXvD9wjAmBuSYsp3E7hd"
    "2/tz5IjsNbS5YLWK/cpezSe3TgPkPWh6yW01TDpSHN8NMBtbJnWZxqNbyfPc/WxvmjFwWA"
    "PnqRizM+isNsdwW2kYK4ZVl0ko1xSJLA1+C2s4WTawqk7bM/2p9vE5DBHoYfp1EnDdsbeO"
    "LwIctGLk6ZQE/3SHf9X7YQygZ8oH4FO7k3S6ZBe/7+7Lrdev+/2N3Qtv8yJH6t9hk+OZCl"
    "k0Tpk6PEyA4aIZ/O278S/JP8++ryLLm1BPXa/27gO9GxIzQQQTSqRya0X+qjFuO6QW0HhY"
    "ZF+J6kXQHnvVeuCuO3hNE+JlM5DXsah+YW4HOcsobzu05sjhwcisrwEZJVCvLVZeoMUR2P"
    "Rr37TEkdoUpD+1ZYjPfN35grWpzDe1CzmyWne2fij14z2wlpWBqu2BZ9DM6S0QEF3w5fzB"
    "xXwG1dn7benLmHzw7t3j9SS9diUOMTcSASJUHd9KPhwTBZQk3al+DgV+A7e6ifCGiikaGi"
    "cB80p+knOlilmG4iH845dQDc1kbjjsG7s87/7stpQf0ZR39cLiLdONwxWDFFg9eRpJitYk"
    "j0ExcTC3cWks3d43ikL9JjSKbUKFVbm5tT1CjqBJMLeI1PMPFJPg/X45SK61Xheoac6719"
    "yPUHZuESnmb57+GDGLMjBAlOoxxTEm/3y2JsQrV5KsbwhIBQQboDavaZ3SQ9SwzJ/i45N8"
    "lfY+Ewm3Bpo8BKd2dt2r9L6T/3pyk8zy/bCY2RK9gtMvPilEpvUJ2Jll5fqdUd8IeF2Jwg"
    "3Ro+Nz4NmInT5ZHaxP+IJhGWbCtlLaz/GAiOCAUsVEFdZaIqw0T1iXVs7jBiUBDeB2WYqK"
    "LvVIzlCYqFGF+xFTzO9/09+C+P0X9L8egMhA3AANqH3ZY6ZIhsBZbqwgS+sp6wmNyGe9yC"
    "B6JH3tPJbiFWyhfJZab3NM7OUIuQYuZbg/bTR9Fo/QQrO0IYZU1i/3xaBjPxeTfaSWq5R3"
    "0MYcg3YvO+yfQdbkoXDzKkE4JytOSY1BCkJiW2Oo17J1dXF7Gl/uS8neDhx/cnZ8BeyVqo"
    "xF2FWVrmeuDsESRZrUtN4NlwyMyMXTmTrzmUa+RwULJBFv9+fvbp7IMtueqhkGKnfM818R"
    "P4IzI0ypnLbFC3fgvscWJx/eHz3s7PdKfX2nl7+/XoW9Ze2SKIx9hqEhDS7n6wrH6/00mf"
    "aRo/HPRe7sH3FVlej3OX1uOnWYaBfD12lMNylGU4I5x4lG9/+8AMmrN7RlXUp+G03TIxKs"
    "9yEJsLQzbswAo14KNVgFUzG0ty1YA1YUmUTt2FpaYQcfOBOxKBJWE6DxqqK1Tw8p65a3GU"
    "LrCNOgFUuiHSX8zz7JGRxX6GWVKLbjHrM0+6fRf1UY6/qeYTz2/T82zL83UXukWXbbAM+1"
    "y34TLytcqAqQyYypRVAe2qMmB+j1xXBsztMGDCSzmZCrQc9UtQu4amDV/FXcy4kaWQ2SeO"
    "gGaa0A4yEYVQGLJphcyFEPc26QuhIwEsUGVpvqMCalE5JkqjnGETgG7Mt7hiustSXIs7vh"
    "Pqkr7FgTPrdg7Rmc7F0Rma7V2cHLIrALWgMrGa43Rhf23on1x+vLjYqMO2hD5PSeLzZZaG"
    "BL+wcGR5qId+5cV/S0PgQMA7ewWWMBiBc6f7l2sVJOfw2GGGISUUYelAI3rkT8FNYFJWjH"
    "l5HWWocj4Hc8FdaW5XrduRGM+h2JlL83BuOnMoHjIkYm/cL6dxKFMa6+Mr7Bzsvzh+8fL5"
    "0YuXUEW+ZlByXEC2zdct4EBKw4ohx2fmeJhaBmMY+7RVFnsbn9DTAieEO6ukhVcXBZ21Er"
    "LwURGBNHl4jEijR0oUrasoWh84lSxaa1l0WzFdIngw4rRsoxfXCvwu2tS+b8nG2DYqUDdi"
    "3jz1l9yUzB66HOQL7BHfhg3YMmdIut7LRaXcciIt/Y7WE2rp97ZGk6XfpbJVKlulslpVwW"
    "qlbJXfI9eVrXI7bJUq2PJ7CLRTwZYq2FIFW1Ym2BKW85ElkLl2GZGWFnSaZvQHrzSugvcK"
    "18fnyInFO73jO7g/cexu4ryCiStj09iH98n71h9PY1P54urynV89wo7Ti6sTFYK1vSFYyq"
    "iirABrBnUFVoAiKmuH2vcrUFbXCOeSldS54TeFIm82E3ODg6SwW0YQD+JRlRVrs94om03E"
    "16jIGqWtVnrLSh2llbb6e+S60lZvh7ZaRdbUOrImIoYWFWMiJOrcXRVnxooppErRYjjeoX"
    "hJJUbNztbNhA4jMj2r5shYzUG6tUE15zobjmDTN7sTYFUjQ/+RqNGcpgbhYV3tnk0Kx9hY"
    "DJhpO25+RLT8YW7EJqGmTgbiMTAHmvYjs5j+mjxyGEFjh1DSEfqE8J5LyW3zR4fcs5GTFV"
    "9TTidTY2sAg+mRNZHz5AylQxLauMJjZZqHE97/XoJrfj44eP78+GDv+dHLwxfHx4cv94Io"
    "m/SjaeE2J+fvUOaNiUyzQ3Du3cmUjsDJBt+rXkOJ+ODwsARjqjvZ575bMUlXQ7xXf7+i0q"
    "ctIsRWXJOSVqCBBOeMM4xS10NqGLm7Rki1kDqlYvKet3c8Pzg+CnYL/GPa/nD9vnVxkdaK"
    "oFSRrRLJM1bri28BFYNx3V4dzHFzIBfdBvz6dcC67NXfEN3AEl0U3yhN/TAuRaLx/Qrmu8"
    "c4RrXYVcYVg3oKsqj+Sd1krGKD1RWYVdX+bPgKzEgy4yzFTyzV8RSlTzy3chF9j8HNe9KZ"
    "eHlMHgcC71ogcOZCLQxmLrGl1sVNb4L2KrzxHm1S9yCbmkjJoRTPaESYxiRL21NGF6WmxI"
    "3AuHg+XNlIITedaHchlXJiqdTC25yiP6p9CpcWZj1ys7hM5IytSvaWCRyahzxD3j0RgCs1"
    "cySxCFlNrlmZphNd3aUocmWeW5EXp1rNQN+s1rrkYxw2D3JKxvEiV7UTJamwcqfxq3gkIA"
    "RNZBYoXEley1ZIT1gEi2G97DCr6PKyktRcMQl6HsyXwnuhFWRvUbQH9IFJuJm+IWyVYjof"
    "6u10+Svi6AlSL4fWFuB6nLKGXN8SLhcyR6iArxU7nkUOj3NAGqdSoKoouvXn0vPGoFJEzo"
    "I1PlmrpIt0rwzLUEMGd4nlayDDK8uqet+V+4aL6/VkO/P0hH+WHnzn9bXG0DuvRxV4t506"
    "S3UeywW8xucxFXhXN66rwLvtCLzzxYYCUXd+1SqbhBZ3x2luOHXUR6uPIY0lZI1S+YpUvq"
    "KlRdFqnF6VpqWampZ8hUDi1nAD3mcFSYvU7eFz6E0+AD4XfMgzcxeFD5vT9CeIsWZgvYIe"
    "XGjiEz2HmcQWQ+YMABUi6Zkug+gAJ/iNm9KHCg/zsPmRR2CLeHwtxRvZNco6Hy8vrt69O3"
    "uTduEqqY851TzM1O0C0XkRBDWPZFG1xCbjwirk4LBCH+p8fQQKDMNR1q0gufb3KMn6jinl"
    "R7SszObuz5gUpDNMryFZDc/523uud9U5KTlrM0aCa3f5zdrq/EdTNzrbX74L7XItgjf97H"
    "DT9RDmun84l75lP8Kh4U+H370mNAgt77qnfHQYRsdj3H7gTwujy20Cuw3L8lQup5M597mC"
    "yf18ABdL7hdxryjaT0gyX1cGtR18ySKh9UFnUSJlVajUQW/aLq6sCvmb+3bql4tYFWIzfE"
    "6+J2kV57eJ88q/r7ZyZipwk/aLJw6ME9RPx31weJQWUttoLEKvpZ0Wfvkd3v2N4qO8qYIO"
    "3ZxF8sZKVJaktdvvxf9x+Pxnh7t75Mkf+/uvyQU3x1/Il5dH2tGL18R6eLX/Ym937yl5x7"
    "r34tnB3v4e/L9P3sJM6okvz+TTgpaN/DAb+UwF7qrA3WopxysauHs97shEhlnnYO9Rc+o5"
    "2K1U5XT1/isunK5+Xme2oMM1urMFfSqHNnX0rJkoWuMDiHJoqxvXlUPbdji0qdsQK+PS1r"
    "Lv3QBql9fqRsS63ojIQSQWyHfEL8WNt4abKS8uWyZIapLvAocT70bOium7a/EcJNc7T7TH"
    "5Q/zTKfmj3zPaXNmlRk01AUN6kqBciFd/kqBzWhS2jlqlPZMHcoGFCg61MWzQTHlgqtZ8G"
    "lK12UoRYZSZKgjbXWOtEqR8T1yXSkytkOR4QpAi8y8OOUKZl7FbN7bO9HS6yu1ugP+sBCb"
    "E6Rbw2c8BJvBZUreRzSJsGRbBfPA1WkMKJVlZVSWnyzuMM87Bk4xxIKllNqlqC6jL1eM9w"
    "mK+rkv+Tef5l90GmNW+1GQEbVo36KjgS2vafNUzaVdZKr0zVXQN0e1HHMJRhG67dsuh7h8"
    "wdIVKIu/r11yZHEBq3NO6OPsjOZR+jXOyYurT3NOOxnXOpbpINxDRUWymudd7lUM/txLvs"
    "oEv3315moR9HvUQujxLoiuGBadbWUzQCXy2NJEHjL1QfbFTBfcvGf6ufsoEYESIVrsXqZl"
    "pYjOmBsON+1d7G8T0kPmdU3Uls7qbF5Ak3QK069JN1NNRo5mLPF+cXxJTxJVNuP8xkLdAx"
    "8HbSGEp5ArrDOwHoLMNDfCcSKFaxpXBGtO75AYkfIPme4f4sGWgnduD5HToKHthHWmj0hs"
    "WC2ei8qb9Utmojp1W6kR3FkywZIgRaKN6giSK1SuYDChO1HLk1DrCpZKAbehFHCxwZXjyx"
    "YdfNN92jT/JFUwS86ngSCU+L6uHrFOHPEKiocMb9ayB3zUJLZwg5G5QzDZE3lEzScaY9xK"
    "xGD0gaXVYaV0kOF49zlw5AzbbNxOc8cL6xXInBOHVovRrtJPLjdxWaawliEAexvzcv5xZa"
    "qLViIA53vCxblaHN8UncoOp1zRlSt6BTbf5DFjpit67FrMcDNYHliZS7jmKRNS62DV3P1z"
    "bxqKCZ4zhKQ5rhzCy8ixtiuceJJMh1ErQ9aZXnWq1CIJpwssvtGhkKziXbXj0ygZpUIySs"
    "DIObbRKI3aR5VYosSSim2cc4klhr9PLYlp3RQtSVCjq16VBBEpBGbIIL5wmC9+YEqqNccd"
    "WqzPbYdZc0QDyrfUYoQqILBqS/Y0EQMZOMf1UdHqNXRe3z9Ee27Mef05FPxpw3fa3QEbUs"
    "0fxzBzhDWkTgyVb6kXaTwnjsB2CaxIMEVcD2ed9zGZt+jBXxPi1m+Su907+KHdySp3O3e7"
    "5KNEqUlgrRf4GaRL7XSOgQbVaTFf6cMpntKHKT9p/7O0Oe+qSNKpSyuKhBLA4OIZW33mNA"
    "zq1nAOugEk8eiBX/w4kR34ud+DH8c9/PXnnh8z8tMvbq3dGdWe3NzsFqv5NDP8JHtGYgQh"
    "rLkj+C5me185Ng0MPnEjCidibBHxaGKAFPxOqMVglhOqD7OStcJ8/sUrwL2ljMAVOYLmnd"
    "gxIjWri+BMH2DntbSxVXRqxwnqOL/3pJ4kOsGfDBxnZL969iwMCAvmZRAWdnNz0/jxH/+E"
    "f26e3f5UsObt3//7jI74MxdVu3AH//PD7U+wUtgP/aeZrsgmuZPvfEc+frggMj0WfNAAJr"
    "3OLHIX6xP2ccTllRuRxrvOGCa/DscX0w1AxmJ/y0yvBbGmYGHAdyq2IADO+SNVPkwlgJLr"
    "UcZxMyf5U1D9O0z8hBwjQzohuiDsgVkTeXVZk8DJQP5J5IV7G80HpXMbkV4o+jxOuj1xVt"
    "fc7LLQJUByqUvNH93k6ISbr2Wr3o06UGWCj3fJ9QB3ZxDV5Zi2m24tmfgO/hXI9qIhPHWK"
    "1xpQewCjYERt+1Fk3bOZLyxkkNZxNytDaEgpYuaZuililbWlKlOuSK4elbVlM1lbUnaNIi"
    "7IIJtp8gK3JX0hWyPexma2cCoW8hl1Lx9ejcO2dK4o7rVdsSjIQnCFvhWrwKpmjihZ4UJr"
    "iwHYxtHEdTYcwTppdieou1kSq/Owtd9cRVAdxxU3H7gjkVgWrqChukIVvWx1iQiT8F7Xuo"
    "BUpl25xSzeHTQyLMvek+Y02zIN65RpXFbOYut0Fss9OOQf0fOPDuponqfPH2U4COcj7FWv"
    "Ibr7e3tFLM7Tc3Olk6OYTuZFkP+6vrrMi1EOSJKKDt51yH9JmSkhNuOhh2DEtBmpdFzJzF"
    "vNuJoCGziZ78y7+s3s2/8DZKl7hQ=="
)
