from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

WORDS = """translate(coalesce("content", ''), '&+-./<@_~', repeat(' ', 9))"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE IF NOT EXISTS "board_comments" (
            "id" UUID NOT NULL PRIMARY KEY,
            "created_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
            "updated_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
            "version" INT NOT NULL DEFAULT 1,
            "content" VARCHAR(10000) NOT NULL
                CONSTRAINT "board_comments_content_check" CHECK ("content" <> ''),
            "board_id" UUID NOT NULL REFERENCES "boards" ("id") ON DELETE CASCADE,
            "user_id" UUID REFERENCES "users" ("id") ON DELETE SET NULL,
            -- As those of comments.
            "words" TSVECTOR GENERATED ALWAYS AS (ts_delete(
                setweight(to_tsvector('simple', WORDS), 'A') || '|:200'::tsvector
                    || setweight(to_tsvector('russian', WORDS), 'A'),
                '|'
            )) STORED
        );
        CREATE INDEX "board_comments_board_id_id_idx" ON "board_comments" ("board_id", "id");
        CREATE INDEX "board_comments_user_id_idx" ON "board_comments" ("user_id");
        CREATE INDEX "board_comments_created_at_id_idx" ON "board_comments" ("created_at", "id");
        CREATE INDEX "board_comments_updated_at_id_idx" ON "board_comments" ("updated_at", "id");
        CREATE INDEX "board_comments_words_idx" ON "board_comments" USING gin ("words");
    """.replace("WORDS", WORDS)


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE IF EXISTS "board_comments";"""


MODELS_STATE = (
    "eJztXQtz2zYS/isYpTNNWtmxncRJk06viuO0vjr2TSw3ncYuDYmQxJoiVJKyo0nz328XfL"
    "8kUhIlkkGn49gglgC/xQKLfQCfW2OuMt3a7Uy0Lr9lRusl+dwy6JjBL4lnbdKik0nwBAts"
    "2tNFZTrRFBuriWLas2yT9m14MqC6xaBIZVbf1Ca2xrGVVofcshnpzcj9SOuPCCXOUwJEFh"
    "lwE0qmFjN3yQn8bbG+yWyiWeTW4PcGkmlQPKLWiHBDn+1imyrvQ6OaMSzn9VND+2fK4BuH"
    "zB4xExr5eA3FmqGyT8zCPz+3BhrTVfF7C9+uaCpSwk+syT5NTGZZ8P2WR+whHYCnuHTO/5"
    "8ExLOJqNQS7wBYxR9fkH5yq4gmI2xzGhXlikd7eXny5q2oiUD1lD7Xp2MjqD2Z2SNu+NWn"
    "U03dRRp8NmQGM6nN1BAzjamuu5z3ihx8oMA2p8wHRg0KVDagUx2HROvHwdTo40gg2JIytT"
    "UYZ30+nlB7F0ue/+T2M0SjKGfnXeXiuKsorcRwwv7EhoBb1Ae4ATPNsBH1z1+c9wboiNIW"
    "NnD0a+f9wyeHjwQe3LKHpngosGt9EYTUpkrA4wBy8W8C9C5wK4G3VzWGOPRxGay9ggDsQN"
    "w85DxsSkCzNaafFJ0ZQ3sEfx48ewZVxpoRFO3jl1LbZqb4+L8+/nV19Wlv7/o7/MUSv8OP"
    "F8+urqYDNhhc+8+/Sfaq9W5q2cTgNukx0tOpcbvriAQdT3RHAltn2nBk6zMCssZNu3U9h9"
    "2/d94LjkOvBcs5zFfOVHbmPjpwniHrA1YLMVVwakgy/GhEzXQpi1Kth/eL5WxjnD98mgPo"
    "w6eZOOOjKMxWn+M7EhB3TJPO0jEOSGL46ppl11C45kDaPf6j+/E6BhmsYfhxCrWTsL2BJ7"
    "Y2ZunIRSlj6Kku6a73Sw2hbMEHquewkrtSMg/ak3fHF93Ou/9hc2PL+kcX+HW6x/jkQJTO"
    "YqUPD2Mj238J+XDS/ZXgn+TP87Pj+NLi1+v+2cI+0anNFVBBFKqGBNor9VCLcF2nlo1Kwz"
    "J8j9OugfNul6vC+Jow2sNkLqdhTdPgdUvwOUrZQPluEptDG4e8OnyIZJ2KfHWZukBVx63R"
    "4DZVU0eoktC+5SbThsZvzFEtTqAf1Oin6enunvjSfU09IQ1KgxnbpPf+XjI8oODb4YuZ7S"
    "i4nYujzptjZ/PZo/3be2qqSgRqfMIPeKzEr5t8ND4Yx0uoQYcCHPwK7LOL+msOr2ilmCic"
    "B+159okeVslnm8iGs6ANQLOUybSna/1F+3+nc4pff8HWH6eLUDO2Zussn6HBbUhQLDYxxN"
    "qJqom5GwvICrc4najLtBiQSTNK1ebm9hwzitzBZALe4B1MVMiLcD1KKbleFa6n6Llu7wOu"
    "3zETp/Aky38PHkSYHSKIcRr1mJJ4u18WY2OmzSM+hScElArSH1FjyKw2GZh8TPZ3yYlB/p"
    "lym1lEEz4KrHRz3KXDm4T9c3+ewfPkrBuzGDmK3TKSF6WUdoPqCFpyfvXVwxzeCb+udE+U"
    "4Z74wHqWZjOiU1DcRmW4J8J9ysfyGMVSjK+Y9Eb5vr8H/2Ux+psEj45hoQEM4P0w01KbjJ"
    "GtwFKVG8BXNuAmE1PwQDPhAR+Qd3S2m4uVoiOZzHSfRtkZ7CATzHyr02FyGxKuH2Nlj3O9"
    "LCH29iZlMBOf98ONRMXuw0jsxQlDvhFLGxpM3dEM4d4nYzojqEMJjondYUIo8a3zuPf6/P"
    "w0MtW/PunGeHj57vUxsFewFippjrEkud4Cn3iK9SlVLP26zRPI5zFhfPBxb+cHujPo7Ly9"
    "/nz4JW1u7RDEY2q2CbXIzQPTHA57vaT+03pwMHixB9+XRxyfZ4ri80dpRsRsm1eYw+Mxw4"
    "9OMPm1S/n2t/dMpxmzbdicdeS8qobLbpaVMSILYzbugUY/0ibrAKth9tj4rAFzwoooHTkT"
    "S0Mh0ow7zRYIrAjTif+ipkIFnXdN48ujdIrvaBJApTstvMk8y3cRmuwXuDCU8BKzOVeG03"
    "beeMZoTxWPuLj93/VDFWsuCKEs27kRtLlpJ0foa6WzQzo7pNm7AtY46ez4GrkunR31cHZA"
    "p2xXxcplfvFrN9AU7plE8xnD0wwy+8Tm8Jo2vAeZiEooDNmkQeaU81uLDDlXkQAmqLIspW"
    "EFNa8eE6aRgXMxQLcWh1gx22UpYYg9L2BtxThEP/CtnkN0YSBiWELTIxHjQ3YNoOY0JlZz"
    "nC4d2wntk7PL09OtBncK6LOMJB5fFllI8AtzZ6EGduiXbq6ocByNOPTZLTC5zgjsO52/HC"
    "8SOYHHNtN1oaFwUwUaPiB/c80AJqXlo5bXUIop56MvC85Mc71u247AuIBhp5Dl4cSwCxge"
    "UjRid9xXN3tuiF3YOdh/+vzpiyeHT19AFdFNv+R5Dt0227aAAykJK6YnHhvTcWIajGDs0V"
    "ZZ7W19QM88CoQjVcLPq/KE2OXShQ/zKKTxzWNIGz2UqmhTVdHmwCl10UbronXFdIVEowBq"
    "amHUzxriLrrUuu2Il7E6GlC34t488qbchM4ehBxkK+yh2IYt+DIXaLpu58JabjlZWV5Dm0"
    "nL8lrboMvSa1L6KqWvUnqtquC1kr7Kr5Hr0ldZD1+lTMySiVkyMWuDiVkgyhOTI3OtMrKy"
    "TGg0yej3bmnU/OoWbo7PIW3V3blhH5yfOHa3oaviAWcRMfbgffiu88ejiCifnp/94lUPse"
    "Po9Py1TL+pb/qNNKhLC/CGQV2DBTiPudKm1u0aDJUNwrlkA2Vm6kWurIvt5FvgIMntkvdz"
    "AVyqsvIsNpthsY3cCplVIS2V0mZVqa20tFR+jVyXlsp6WCplVkWjsypCamheNSZEIvfdVQ"
    "lkq5hBqhQrhu1uilc0YjRsb92O2TBC4lm1ILZqDtLaJlSEzjJJsX1ETzrJNn/EjlbJk1Kh"
    "a8ZtcPXW/Yjj0Vx4mxZqH5i4YBHqZzegyoKX4xS73KuMJko9ESME4/LHYYiX5LLUhJsLqK"
    "Qdo1JrWXuOHaPxGRwdTHpykjhmQmKrkrwxgx0oaPApBnoOuFIjw90UItvguYt+yWYH9hrP"
    "RJT3qaUM6/Xfp4avB0Ulxe+UmWwXJlnKXLIZfa71K78noATNRBIYziSvxFucWz6hGObLHj"
    "PzTi9rycyLaNBFMF8J76VmkL1l0R7ROybgZuqWsJW2/myo62n1zWPrl9egLbNiV4nLuYIj"
    "ZczPmm2Poc1jAUijVBJUGUi1+VRadwxuzhBZV1ijwlqlm/ucE4NTzJD+UcLZFsjgxOKqHn"
    "fr9HB5u553J3zulvDP0uOv3LY2GH3ltihjr+pps5T7sUzAG7wfk7FXTeO6jL2qR+yVpzbk"
    "CLzyqlbZJVTf7MFLc4hRbSUkDsqUNZmytrIqWo3dq7S0VNPSkidlTWzMdOjPGvLW5OVBBe"
    "wm7wGfU22spaavBQ/b8+wniLGiY72cEVzo4uMDmxnE4mPmXIUp6JlK7mE2BZzgN80QMVS4"
    "mYfFj9wDW/j9K6HeiKZR17k8Oz3/5ZfjN8kQrpLaKGjmYYYq3EEL7BIhBBWXZFmzxC2bJU"
    "UoO87Brd64AAdQddalLGXbI1BhGE/SDgXM9L+HSTa3TSkT9jX73D2JSUC6wPUakDVwn1/f"
    "fb1jzknoWdtxElw402/aUuc9mrvQWd70nWuV64i7gnc0w4kQ1lRvcy5iy76FTcPftnbzil"
    "BiMhhlsAnsO7t8DBjGwGNcfuBPE1YyoITVhqVFKpfTSMF1Lmd+twfgcvndofCKvO0EJMWa"
    "0qllYyfVIo2FiaRXoVIbvXmruPQqZC/u9bQv5/EqRCS8IN/jtJLzdeK8jO9rrJ5ZiVTYGj"
    "F1efOovH1glczNLQdLXUx7Ipc5bR/kPpq/D3IqVfnEKq+LS59YVTSYyW9wg+FMfpsyoElu"
    "PRqmijRYAZUBTU3jugxoqkdAkzwQvTIhTR3r1kmgdXgtD0Vv6qHoGqjEHPmO+CW48Vanw6"
    "RuGSNpyHkHOJy0fmivmLhzVOyDxHznqvY4/ancYAn5Ef2cJzPrPEFBntEmTxUrF9LVTxXb"
    "jiWlm2FG6S60oWzBgKJCXdwb5DMuOJYFj6Z0W4Y0ZEhDhtzSVmdLKw0ZXyPXpSGjHoYMeX"
    "/f1+DCluaqypirPpiwPRYCLDRYYoIYUasUs1W4c/l4H6NoXnqed/B99jn3EWZ17zmZUJMO"
    "TToZWYQaqmdmLO0ce2lrrIKtMbzDLbQohuhqsySivRDTl8gYpy+YunxD4de1Sk5MjcPsnJ"
    "H2tPg04zD9BmXy9PxDQbETOW1TkQruKJQVOdEYcLWnKUlQ+eAPqDcIfvf8zfky6A+oidDj"
    "OfB9Ps4rbWUzQCbx1zSJ32FLQd9KhEh6V+Z7V1zYEvAW9q8c+S+qJ6wLPSyRYbV8Jn/4Nt"
    "Pl8/hDF6c2BO7oihkKoF0epFCsbhNBohamNq5hMKEzriNexupoSs4FljxAY0sHaEQGV4Yn"
    "ODz45nuEFepWzZlj/GHECSVepIhLjHf2vYTiMcN7CayRNmkTixMbb0MB5RVT5ck97h3RnO"
    "VUIjqjdyy5oSilgRS39Uc/DCJ4Z+t6njM7qJcj7zgKrRKhXaeXOfPYh1RlLcX74S7Mq3mX"
    "y1S413LaQ7YfOcrV/Pgm6OTZGjKQSwZyVWDxjW8zCl0PGVoMVgdWnMTW8ITDxDxYtWC5zH"
    "PaI4rnAiWpwIHteJUj1naUE1eT6TFqpug686vO1VoE4XyFRVTJq6u4B5V7NFJHqZCO4jOy"
    "wDIappHrqFRLpFpSsYWzkFqie+vUipg2zdASBzU861VJERFKYIoO4imH2eoHHuiw4ah9kw"
    "01y2ZmgVh60UslQijD6as2Zc9TMZCBBQ7fD1dvYPjf/jOM/YqE/z2Bgr8t+E6rP2Jjqnjj"
    "GCSHm2NqR1D5kuhI6wmxOb6XwIwEIuLEiKnaEI9C5ANxq6tTv01udm/gh3Ijqtzs3OySS4"
    "FSm8Bcz/EzSJ9ayQy9FlVpvmizZ3NizZ4lIs28z1IKnvQbp5NH/uYJxoTBpaUs9ali6Ndt"
    "oAw6IbjR+MufvUjbHfi5P4Afzwf46w8DL+r2+5+dWrsLqj28utrNV/NRagBvukRi/D3MuR"
    "P4Lma5Xzk1dAzfdeLxZ3xqEn5vEG7i74SaDKSciHvWU+X5Z7cA15YyQn/FCCoq2BEiKdV5"
    "cKZ3sPKaytTMK9pRgibK956wk4QF/OHItifWy8ePg5B6Xy79wPqrq6vWtz/+BP9cPb7+Pm"
    "fN6+/+fUwn2mMHVSt3A/95cP09zBTW3fBRajCXQW5En2/I5ftTIg6XgA8agdCrzCQ3kTZh"
    "HUdcXjox/VrfnoLwq7B9MZz0HSz2lszkXBB5FUwM2Kd8EwLgnD1SxcPE8QliPkrZbmYcne"
    "BX/wqPTUCOkTGdEZUTdsfMmbj4oU1gZyD+JOK6kq2epqBqFiK9VO5WlLQ+keoXmtFnQUiA"
    "4FKfGt/a4vRyohmvxFvd88ihygwf75KLEa7OoKqLMW21nVri2Bj4lyPb8wZBNynifUStEY"
    "yCCbWse552S1G2spBC2sTVrAylIWGIKSK6CWKZ81wVkcuT6S5znreT85zwa+QJQQbdTBHX"
    "X6wYC9mZaF18TQ1FMVfMqHN123oCtkVwRf6o7YrlkeSCK4itWAdWDQtEiaW1bDYHoI6jST"
    "PuNFsgsCJMJ/6LmjqcwtcurZAtEdzw1BSQyvSRdhhsuketFC+p+6Q9z09KgzplOkpl4NMm"
    "A58yleDs7Wa2Giy3mVm26UlKsGs2wm71BqK7v7eX76yOeSd1JDNuDdtVKqII//fi/Cwr39"
    "YniW/atb5N/iU67OxriPYccBGMyM48cThH/ByOdnTLjS94XWz/tv7F7Mv/AROx/HY="
)
