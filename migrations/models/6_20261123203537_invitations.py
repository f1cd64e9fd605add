from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE IF NOT EXISTS "invitations" (
    "id" UUID NOT NULL PRIMARY KEY,
    "role" VARCHAR(16) NOT NULL,
    "by_admin" BOOL NOT NULL,
    "token_hash" VARCHAR(64) NOT NULL UNIQUE,
    "max_uses" INT,
    "uses" INT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "board_id" UUID NOT NULL REFERENCES "boards" ("id") ON DELETE CASCADE,
    "inviter_id" UUID NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "invitations_board_id_id_idx" ON "invitations" ("board_id", "id");
CREATE INDEX IF NOT EXISTS "invitations_inviter_id_idx" ON "invitations" ("inviter_id");
COMMENT ON COLUMN "invitations"."role" IS 'As what they join.';
COMMENT ON COLUMN "invitations"."max_uses" IS 'How many may join; null for any number.';
COMMENT ON COLUMN "invitations"."uses" IS 'How many have joined.';
COMMENT ON TABLE "invitations" IS 'A link by which whoever has it joins a board. Its token is known by its hash only.';
        ALTER TABLE "invitations"
            ALTER COLUMN "by_admin" SET DEFAULT false,
            ALTER COLUMN "uses" SET DEFAULT 0,
            ALTER COLUMN "created_at" SET DEFAULT now(),
            ADD CONSTRAINT "invitations_role_check" CHECK ("role" IN ('MODERATOR', 'MEMBER')),
            ADD CONSTRAINT "invitations_uses_check" CHECK ("uses" BETWEEN 0 AND "max_uses"),
            ADD CONSTRAINT "invitations_token_hash_check" CHECK (char_length("token_hash") = 64);"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE IF EXISTS "invitations";"""


MODELS_STATE = (
    "eJztXQtz2zYS/isYpTNNW9mxncROk06vsuO0vjpxJ5abm8YuDYmQxJgkVIK0oknz328XJM"
    "W3TD1oSTQ6HUcCsSS0C+zjwy74pWFxnZli+5BTR2+8JF8aNrUYfEheaJIGHQ6jZmxwaceU"
    "PTvYRTbRjnAd2nWhtUdNwaBJZ6LrGEPX4Da02p5pYiPvQkfD7kdNnm384zHN5X3mDpgDFz"
    "5eQbNh6+wzE+HX4Y3WM5iZHKkhxyfbNXc8lG0XFyev38ie+LiO1uWmZ9lR7+HYHXB70t3z"
    "DH0bafBan9nMoS7TYz8DRxn83rDJHzE0uI7HJkPVowad9ahnIjMaP/U8u4s8IPgkzXMNYG"
    "2XW0PqbmPLwc/BOGM0mvburK2dH7c1rTEDI7vcRiEYtotc+/LVv2/EHdnawAcc/dZ6//jp"
    "/neSH1y4fUdelLxrfJWE1KU+qZRAxPKuw5BBGnWzrH8NV1zDYvnsT1KmxKAHpNvhh3nEET"
    "ZE8ojmYsjckH0VMLwBP1A/s81xMBGmCKB98vb4vN16+wc+zhLiH1Pyr9U+xit7snWcan3s"
    "y4vDMvNX3+Qm5MNJ+zeCX8lfZ++O01Kd9Gv/1cAxUc/lms1HGtVjczZsDbkGPSOpe0N9Tq"
    "knKZXU10XqIY9iYg9GH0n9ljkCuZER+Z/RhYSwYwQpSQO3qpLtblWCTdI1fuMjwnsuswmY"
    "KeKwLnd0MqKCjBzDhWYYCaEu6RmOcJuE2jrhNiMWdxgZGe6AMNqFP7rhwl2I4QrCR/Y2OY"
    "EP18dt2r8mhoA7wx/DJv943GViG0fPPlNraPqGcPdqyuw6edeWujuSH9hrNt+qTVIuYdUG"
    "SmZdFu3mLtKsbnYN12RZAbfZZzcj10nflEiBN5uoei36WTOZ3XcH8HXv+XOUjWFHTagawN"
    "FymSN//d8f/768/Lyzc/U9fhDyM/x58fzy0uuxXu9qcv2b7Kgau8Tl+BDSHVB0dUHXNYnN"
    "XUJNE5c0aAWLdExq32TWbeMD6wjDZcSk4A0OGtOW8Z+t99I9gyelJtW74NKefy291qPBlp"
    "sLKYq5ZsSaLevkhNjdgf+KZsA3GRkdg/UCHsD9QZSgyC1PuKTDiI5qvMN6qMhR80sFjwJ/"
    "S8fbpUQpB1IozOBqUpyG0IZexzS6WWG+MWk/G9vE+6dE2eHcrGp1hwFPFcLE6934Q5Lr8c"
    "NAxouEodyIMPo207fAdnoCGi06JuiYSYnJMDWzKPGu06R3eHZ2mrABhyftlAwv3h4eg3il"
    "aKETrPB8Qwxy4k7JZTnpW78FeZBajI8+7mz9SLd6ra03V1/2v+Yp3RZBfngOAT/r+pHj9P"
    "udznVWvz7a673YgZ9XZjUeFK7EA1yFCDb0bmKxLzZ0aPdmBJNIS1yJQSbM6oA9GBhDkRXz"
    "YUD85vf3zKQF+jYOulzADN5Ac/w1nMphayMnpvAn+oJcOvJXS01ZZNi3his5sCCbTiY3qi"
    "urYPABJjk/l07xHnViECosvseLVFj2krVnpVuoTfvyJ+Gz8UkZ/VSEGIfK6w7UWEMzXQ46"
    "BiMQ6deXZDQwIJCWVn7AYcxBg8NNBhF38M03+eQELrsM/HN0AyBeBxpw3D5xwwbOSjMS53"
    "OlD8qBuT82vIBZ8i6NqxTu/aURSSXgmo9hw98raQKHEEcKqSgCwYUSifFYCyn9/z9LWQRL"
    "wDekwH755etMQPuJ7c6As+cAQIGvshjAXqXz0schbO3tPjt49uLp/rMX0EUOc9JyUAKOKY"
    "bScSJl2XoE0eWx7VmStycwIGp3WYbHIe06x/HgoUMYhQvCX1XSKdd5ZtmViuX2y8RZaRgm"
    "FmTtpyOs+Hoqu4MUp1nmPtJ6WJK5dopiewSgbGbkZ4xEsTMv9khN1xwwgDsMIt/f2TijL6"
    "YEGJvL1Iy3A80OHU1MVmKJwq/3gWzJ+tb5Uev1cSMzZ5fA1JoFbGmexpZpPkvLhMhUIERj"
    "MXz2Qv56m4qblrwZ28T9wpW47Uehys347FEoXeywx2L2SvM88v3dOzzdYHBxL3dpLq7KJV"
    "G5JCqrQOWSKKmrXBKVS6JySVQuicolWXkuyYlNhg5HqYsqEklgShn5WSR/xK4kZkKc5P50"
    "deXIL+aOpPDeJrkrK6EN+lyOmlCL232pnIXRMeFxIOKewy28Lypx7rmkT4dim5wzW8e0E9"
    "TxQ88VcaOAoRKTFkAMjF5wjWOreEX8zJQxt/08B7gNsRi1RfgtM3l2ZlP6Km9hc/IWFLat"
    "wNh7ZuoSwNgyyKFLxc0SMMMa8blirNBClLaRCxb6l5rT0UJrgvLeH1yIk6T07ng4RC2guh"
    "s2RO0ae1qIiJd9TtBfYZNrpeGbCpt8QCiVwiYfotQVNll/bBJ+kBu4JaUC1UnvGiJXYdFL"
    "OeyqEJva3WnCfWLwVDZ2PeX8RpA+5zoSgHKrqhYm5tqVdYFiJCqWXZc8rTXDeCpBBtwg0F"
    "wQGKhZvNpM4QKx5bluOVrrOUnnTtGC55N3F6en05CWKsGEWAlKDp6QLFAphhRSFTFlKgZM"
    "w74hnXGQpT8acCwTJANwY8Axwbx8QegkeR9hdX4DHg94JTfgJNpIia4L9B+Ae2OO82oFqn"
    "jEvElSzTKwR4yNMxQFpKAPeZNS6Ef8cRGVwkDWypY1p2AgtS9QaGFNj1+jMJYrdk1qE6Sm"
    "0FAz5LO/wOlNUC2H8astwEmwef9ZCTbvPytkM15KshlvD4YzZ2+hsLYpTjJX6H8//oUM4s"
    "Eoj2XNDc7sV/IupMcdgs2wfjvMKTvdl1IIlfDoZuH5QvyeS5XszMvtAb1lkt1MXxFvFW5d"
    "zOrNRDDL4NbghRlwtzmknqSsodQ3RMql0vNUXseSsbBYMDNLcJGgUkxVyTL3X7kYzMH7A8"
    "Y2la3JxTprFlKV2Jh/8EgOLDY5kaQYEYsOPllBRV6zDNjkj7CqwycU8qOyX1QUobJflNRV"
    "9ssDz36R/2aEl5v6EnZdZ1C+hhVbF04fE44qKNZSBTqqQEdhDgpzWG2Bjgz1ZIVjluWzVu"
    "mo0zhnQBDeA39ODcvILdaJLjanIQnIY83EfiVzayIPSXCL+QemS3rmO0rAJ/gE7g16PwgP"
    "gO0D38jW+eiVdKrko9EPunh3evbrr8evs8k1FT1jRsCD2brcGLkD6YhxUAtI5oU6btg4u4"
    "SKd/yD7rXb6gdPZ1m+UjHGgf6CNcw7jaxwJzpOUqNC9+XtPocrJsPSOzYhI7IaYgebixX4"
    "EFHGz1oNXH7uq988UxdemmroRKi+S1m5lnyjxJYRBO+G7gfuzM/i/BaChk+ucf2KUOIwmG"
    "XChXjCszHet02ZEormB746YMmAEk9xyMshreYhM9q5ktWsIQNLVrOm8kZjiQZlnxORzPYo"
    "kwoXB6nP8rA4kdqpWKtAb5oVVzsVxcZ9MzHrMjsViRU+o9zTtErymyR5lelWWz9zLYoUN0"
    "io88Oj6tjzRWrqVpw2dO51ZJVpXhwUXJoeB/md1vl8nnCI5c/nUS65csk3QPXU2DFTyUN1"
    "k7pKHqp/8pA68Hn904da4sav2/RlXkUekSE0dDjkQe05gUHBG6cTJPf40ulJywrfOg1rFN"
    "Yhvhs8IzA5vHt6s7Q6G0md5rPqOPnO03xWEye3C4Lk9p0R8grCY395ltiE8+PiSXcVFq+V"
    "LmmqsPgBBUgqLH6IUldhcf3DYvW2q4ewyajAj/UHPz6AimBSb0iXGLSHyaioBASJj7rcpE"
    "hR1K+wKjxNuvjw6ISw2iNOhiDivkOHAyE1eQBaVXY4tHpdGVGvKwsXMATcaFlnttkxuo2x"
    "2IhEYv0LsTzhAlsjLPJhGfGhY3CwEQV1M3cfVBqnvz/b3jg9+zAjfCHdaE+WEvvo85ocVg"
    "p8db2cKppy7I+o75H57bPXZ/Nwv0cl8I9HPHe5VXa1VS0AVQS+mUXgEeabkV0xFJsgUvs3"
    "0/dvArZl2DvzDs7R5EabydY793AS02r+SvD4u//mrwOPvWawJuxOGsxYAub8TIrletaRSV"
    "RgadwSJhNu97XkzdgmguSlmKUOYFjRAQyJyVWw1xyffNP3nDUadC1Zo/phwAklSIkIeECM"
    "b+N6Cc0WwxPeIQofNongEGJTGTZgqTUZDQIs3u9ETEZvWTaeqOQBORvjHyeJFtE9G1fTts"
    "ujfiW3zCPWagnaZe6fFx4bkOus5UBNgWFebN+8cpxp0dMCinfIk1Itz98MXY1QveWdzaBS"
    "xVSq2KrDjJle/BYzBoszVp7kVfOCtYweXLd0vMITrxOO5x1O0gxHX+NL2rC375wEnkyHUS"
    "fH15nedarXIgmnOyyyS1lfJTg6O6RRPsoa+SgTQc5gRuM0yo4qt0S5JWtmOGdyS8zQTi3I"
    "07oBLWmmxrXeOjki0gnM8UFC57DY/cADAaqvC1A5++uTs48Sn+F89Xj3GuYJ7j7HHKNEnu"
    "BTaPgk4HeK7oBZVAv9UnB+uWNRN8GVr1kH/SmmBsJ9CSgHzAuUqUO60ZdZvj35qkq/f5Nc"
    "b1/DH+1adrneun5FfC41iTccMkc2m3wEn7pUYKIR5ighBimolS3Sa1CdlstJez4lI+15Jh"
    "8t/LHajEe5punUma5lUjZhyhk5tjh3cU761nBl+hm8ySzNX8JE3S34u9uDPwc9/PhjL0za"
    "/eEXv9f2Hd0eX15ul+v5XW7+b8slFujdnBRgm03yf/E9XZh5yGZb1+TEhh5ihLrDr8lFfs"
    "EtTMwW9lvGmOKBr1znDn4mVKYoEqpbwRuf04rhl6ABTVcVmcZyKs6qIRJESj2U4TO9BcPu"
    "aJ5TVkckCeqoKHYkIhLXFI8HrjsUL588iVL7Jwt8kuB/eXnZ+Pann+GfyydXP5TsefX9v0"
    "/o0Hjic1WUfsB/Hl39ACpH3Pa/y1MnmLM8NLqu57CXuI6v5Q8Av0DXZYmAPCoBfuEAtIAO"
    "auM6MYjrbXLKei7BfGbo6TPN1xMyVxlUkg5xjO0nP2NTaJqzqiJxY9AbOORy+gLEUDyR5c"
    "XMAQ1SXeXEnQWHM0y6P7CDGUKJyTef65ywW+aM5RsEmiBc/yuR771Y6cENAyoGTNeGVIgR"
    "z3tXSbEhyCGto6aqwiA4rG8I0HxzlfZliFVN7rpUCpSpxFY1uZtXk5tBtsskoUbboAumw9"
    "VxzziVgX6/6bprVj9Qikfy/dGSAwuy6WRyo7pOp/gbNhZIbI5e5lEXJlW5ndFi4BYPGjkb"
    "GsGV5rQtDRr1WZs9DZWjsGCOQqGnUxxTFPs6KpYoApeGOXlpxRwOuteQu7s7O+Vq+6dV9m"
    "eL42w3cCqSHP7v+dm7otK4CUk6MjO6LvmXmBC+bSC3pzAXmZEIv0KePn7b+l+a3UenZ4fp"
    "uApvcDibo718Y/b1/391TYk="
)
