from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE IF NOT EXISTS "api_tokens" (
    "id" UUID NOT NULL PRIMARY KEY,
    "name" VARCHAR(255) NOT NULL,
    "token_hash" VARCHAR(64) NOT NULL UNIQUE,
    "scopes" TEXT[] NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "last_used_at" TIMESTAMPTZ,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "user_id" UUID NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "api_tokens_user_id_id_idx" ON "api_tokens" ("user_id", "id");
COMMENT ON TABLE "api_tokens" IS 'A key by which a script acts for a user. Its secret is known by its hash only.';
        ALTER TABLE "api_tokens"
            ALTER COLUMN "created_at" SET DEFAULT now(),
            ADD CONSTRAINT "api_tokens_name_check" CHECK ("name" <> ''),
            ADD CONSTRAINT "api_tokens_token_hash_check" CHECK (char_length("token_hash") = 64),
            ADD CONSTRAINT "api_tokens_scopes_check" CHECK (
                "scopes" <@ ARRAY['read', 'write', 'admin'] AND cardinality("scopes") > 0
            );"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE IF EXISTS "api_tokens";"""


MODELS_STATE = (
    "eJztXQlz27YS/isYpTNNWtmxczhp0umrkjitXx27kyhNp7EfDYmQxJpXCSiKJs1/f7sgKd"
    "4SddCiaHQ6jgRiAepbHLsfFsCXluXozOT7HdfoOtfMbj0jX1o2tRh8yDxrkxZ13egJJgja"
    "M2Vm6hqawGwymfa48GhfwJMBNTmDJJ3xvme4wnCwllaHXLMp6U3JZGT0R4QS/ykBIU4Gjg"
    "cpY868fXIC3znre0wQg5Nr25nYKGZA8ojyEXFsc7qPdepOHyo17GE1xY9t458xg984ZGLE"
    "PKjk4yUkG7bOPjOOX7+0BgYzdfm5haVrho6S8Bdzss+uxziH389D4RDpCDwtkPP//ywhnr"
    "oyU0uWAbDKL19R3r3WZJUJtfmVynQtlH3//uTVa5kTgeppfcccW3aU252KkWPPso/Hhr6P"
    "MvhsyGzmUcH0mDLtsWkGmg+TfHwgQXhjNgNGjxJ0NqBjE5tE68fB2O5jSyBYkzYWBrSzvm"
    "O5VOxjypOfgveMyWja2XlXe3fc1bRWpjnh+6SaQJDUB7gBM8MWiPqXr365EToytYUVvPy1"
    "8/buw6N7Eg+Hi6EnH0rsWl+lIBVUi3QcQS7/zYDeBW1l8A6zphCHd1wF6zAhAjvqbiFyIT"
    "YVoNmy6GfNZPZQjODrg8ePIYtl2FHSIf5SKgTz5I//38f/XVx8Pji4/A4/cPkZ/jx9fHEx"
    "HrDB4HL2/JvsW7UOiXCwEtIfURxcmMfbxHagU5smcQYEuqVFeia1r/f9vkIt1/S7ZuvMGI"
    "6EOSXQCR1PtC7ntIM/Om9lU4CaZFtwoC5/jDsLHj3wn2GbiNqA7L8ajhnZlvASXji/+yWl"
    "NtMoFnfAG2sSR49KAH30qBBnfJSEmfcdLCMDccfz6DQf40gkha9pcLGDvW4OpN3jP7sfL1"
    "OQweSGP06jIgvbK3giDIvlI5eUTKGnB6L74YcdhLIFP1A/hyk+6CXzoD15c/yu23nzO1Zn"
    "cf6PKfHrdI/xyQOZOk2l3j1KtexZIeTDSfdXgl/JX+dnx+k5Z5av+1cL34mOhaOBbaJRPd"
    "ahw9QQtYTWTcoFWhOr6D0tuwHNB69cF8XviKJDTOZqGuY0A4pbQc9JyQb27yapOeZRlDXu"
    "YyKbtPDrq9QFNjz6TIPrXBMeocpC+9rxmDG0f2O+aXEC70Htfp4BHzjL74NidhPSKDUasT"
    "06mTmZ8QYFvx1+MRO+gdt597Lz6tj3Snu0fz2hnq4loMYnzgMnlTLLm31kPbDSKdSmQwkO"
    "/gp85wD1Fw4U0crhLvwH7XnERQ+zlCMtiuFcTA4od70+7royiG+jQTx29RW1npRUWq+L1n"
    "PMpuDtI61/Yh5SrlmV/xE9SCg7JpDSNE6LFen2sCrFpii0X50JcQaC2UiWEY/1HU8nE8rJ"
    "xDMEJMObECrIwPC4aBNq68SxGbHACiITQ4wIo334oxsC+TbkyJ2J7XPoV8ddOrxCDl2M4I"
    "9hk3/GjmA8Q8UdzuPeTs66KfLCtzFW6bVJSeXC1qeTZsdmYQizLIM+y6so9Bul0D+wHjcE"
    "IyYFa3BUBYUef9lybSElsVKLqFm3TjaIwwP4r6gFfJPR0THMXoABlA+qhIHcGnNBeozoOI"
    "z32AAHchz55QCPCn9Dp/ulVClfpFCZwdOkOg2uueOeafRz/GqTDrO+TTx/SpU9xzGr6t2h"
    "w1OFMvF5P15Jsj9+GEl/kTDUG+HG0Gb6Hsyd6GcTi04JGmZSY9JNzXRKLHWe9l6cn58m5o"
    "AXJ92UDt+/eXEM6pWqhUyG79BnJ2LQk5PDkOR2y1ne5nXIJ6nOeOfjwd4PdG/Q2Xt9+eXo"
    "a96g2yGIx9gjYGdd3fG84bDXu8qOr3ceDJ4ewM8r0xufFPbEJ/fyeK5iWiZGmTCrB/PByH"
    "BzltdeBMKvf3vLTFow3sZJl4YRYemuAA19TZRe+r2loRAZ9idDSATWhOlkVlBToYKXDzjJ"
    "1VE6xTKaBFDlbLEcn4oY43DwWsAay2Ct0vFu0fj6LIhKk7P8yIF3DhI8x2TgcQff/CmfnM"
    "BjwcA+RzMA/HWQAcPtb8ewAdm8yLfqKsqhuT/OVk5kKa3LeUFxPmplo+JiGGuh5Ibj4k5s"
    "sQTPnkMABbZKfcNxhvgKew8OHz159PTh0aOnkEW+5izlSQk6pphKx4aUhRXjnY7tsZVZNE"
    "tgHMrW2Y8HCx3cKOwQfq+SRrnuZLpdKV/uqIyflaZhYk7WUdrDivensitIcRm1KJwCVK2x"
    "V7nG3gtXY9dcZJ+t6u4mqAtX2eNdNH+ZPd1mNwBqwxy2NKZrRC5EUFOOFI3FsO617PUu5d"
    "cdWRjbxfXCrZjtL8MhN2OzR650scEe89krjfPIt3cXWLrBy8WtXLX1oz5T2jwDWMWSFAK+"
    "o1EFKpbkNmpdxZKoWBIVS7J7nVTFkuxiLMmJTVzPQa3zKgJJoEkZ+VEkv8eeJFpCXOTmxu"
    "rKmV+MHUnxvW2yKCqhC+O5fGtCLcceysGZGz0TqgMVDzzHwnJxEHfGggypy/fJO2brGHaC"
    "Y7w7Fjw+KaCrxOQMwEfGIHjmYCp/TvzIlKlj+3EOUAyxGLV5+C3TeA6WG/RV3MLuxC0obl"
    "uRsTcM6gbI2DLMoaD8egOcYYNwrpgrtJClbeWShf6j9ny20JqxvDdHF2IjKb06Hr6iFkgt"
    "pg1xdI3VFjLiZeuJTqZR3GR9Rvi24iZvEUuluMnbqHXFTTafm4QfJAKzpJSjOsvdQOYq3P"
    "RSjrsq5KYOD9pQToyeyvqup45zzcnQcXQUgMGtqr0wMdOurAkUE1G+bF3itGrG8VTCDIjA"
    "0VyTGGiYv9pO8QKx7lm3GK16NtKVQ7SgfnL2/vR0W6fLxLag5PAJyQ0qxZRCakdMmR0Dpm"
    "FfR2fYTkYObhPEY2nBJJFx+ZzQWfA+0up4mORyp+RWUcWqQVLtMrRHDMYlNgWkqA9ZSCn2"
    "I15dJKU4kFrNZe05HEjjNyh0cE+Pv0dhKntsTfYmqPNwc2De/Hm4WDxMnDlrC4V7m+IiK7"
    "n+N2NfSCceJuWp3HODLfu5LMU/vh2Sof/2mFe2uW9kI1TColsG87XwXmkoOVgV7RH9xCTc"
    "TN8Stoq3LoZ6NxnMMry1OsZ2FdOoTlouFZ6n4jo2zIXFnJllnIuElAJVBcvc/M7FoA3eHD"
    "G2q7AmO2udTl72Dx7JocVmJ5IUM2LRwSdb2JHXLkM2+W9Y1eETivlR0S/Ki1DRL0rrKvrl"
    "lke/qAv06r5j6703xICjCjZrqQ06aoOO4hwU57DdDTrS1ZM7HLOQL7tLR53GuQSD8BbwOT"
    "UsI3ezTvSwPY9JQIw1E/OVjK2JLCTuWMw/MF3KM99QApzgE5g3aP0gPQBzH9hGtu5Mnkuj"
    "SlaNdtD7s9PzX345fpUNrqmojiUJD2brcmFkAdMRQ1ALRFalOq7ZNNuFilf8g+yNW+oHS2"
    "dTtlIxx4H2guXmnUZWuBIdF2nQRvfNrT6HPSYD6YJFyEisgdzB7nIFPkWUsbO2Q5e/84ff"
    "vKkufDR3ouPh8F1qluvIGyX2jMB5N3TfcWd+FOe34DT8LYyr54QSj0Er4wL8ibGN/r5typ"
    "BQnH7gqwczGUjiKQ55MaTVVLLkPFdyN2sIYMndrKm40VigQdl6IpHlqkpcwVy2sriQWqmo"
    "laM3bxZXKxXFk/tuctY7eEG70ryKdNu+1ndEy6Ui3dRh8urC9m2TozW9sP3duCd3meb5Qc"
    "Gj+X6Qn6nO5/OEr1j+fB5lkiuTfAeGngYbZip4qGlaV8FDzQ8eUgc+1z98qMOv/X2bvs6r"
    "iCMyuIYGhzyoPccxKLhxOiFyg5dOz1K2eOs09FHoh3g3eEZh8vVu6GZpdTaSOs1n237ywt"
    "N8tuMndwuc5O5CD3kL7rHfPUsswvl+8Sy7cotrNZa0lVt8ixwk5RbfRq0rt7j5brG67eo2"
    "LDIq8qP+5McHGCKYHDekSQyjh8kor4QEib91uUaRkmjexqrwNOniw6MTyupOHOKCiocedU"
    "dcjuQBaVXZ4dDqujKirisLOzA43DizLj1nx+R2ZsZGJhL3vxBrzAXAGnGRt2sSdz3DgTmi"
    "YN/M4oNK4/I3N7e3Ts8/LElfSDN6LLcS++xzTQ4rBVzFOGcXTTn4I+kbBL97/up8FfQHVB"
    "L/eMRz37HK9raqFaA2ge/mJvCI883orpiKTQip9Zv56zcBbBl4l17BeTkraDdhXbiGk2hW"
    "q+8Ej9/9t/o+8Ng1gw2BOzlhxgIwVwcpFuvZRJAox61xG2hMuNzXkYWxXSTJS4GlDmDY0g"
    "EMicZVsNYcb3zz15w1GmQtuUf1w8ghlKAkMuCBMN7G9QySLYYnvIMX7rYJd8DFptJtwK3W"
    "ZDIKuHg/EzEZ/cSy/kQlFeQsjH+cBVpEZbYu5y2XR/lKLplH0GoJ2U2unxceG5BrrOVQTc"
    "HEvN66eeU807qnBRSvkCe1Wh7fjFyDWL3Nnc2gQsVUqNi23YylLn6LTQbrAytP8mr4hrXM"
    "OFi3cLzCE68ThucCI2mJo6/xkjbM7RsngSXTY9TLsXXmZ51rtUjB+QaLzFLWVgmOzg5llI"
    "1SIxtlpsglptG4jJpHlVmizJKaTZxLmSVmOE+tiWnTiJY0qPFRr06GiDQCc2yQ0DgsNj/w"
    "QIDq9wWomP36xOyjxpc4Xz2evYFxgoePMcYoESf4EBL+5vA7eX/ELKqFdikYv45nUZFA5W"
    "vWQH+IoYFQLoHBAeMCZeiQbgxllO9AXlXp52+Tq/0r+KNdySxXe1fPiY9Sm4xdl3ky2XQm"
    "8KlPOQYaYYwScpCcWtlNei2q03IxaY/nRKQ9zsSjhT9WW/Io17ScOtO1TMgmNDkjZy7O7Z"
    "yzvA3smX4EbzJK8+cwUHcP/h4O4M+TAX78YRAG7X7/s59rf0G2uxcX++Vy3suN/+0IYsG4"
    "mxMCbLNZ/C/e04WRh2y5fk1ObMjBJzh2+HtyES8owsRoYT9liiEeeOW64+FnQmWIIqG6Fd"
    "z4nB4Yfg4ScOqqItJYNsVlR4iEkBoeyuBMP8HE7mljr+wYkRRo4kBxIBmR+EhxdySEy5/d"
    "vx+F9s86+CzA/+LiovXtjz/BPxf3L78vmfPyu3/vU9e476PKS1fwnzuX38OQwz8N7+UNJx"
    "iz7Bp9MfbYM+zHV/IHgF2g63KLgDwqAX7hCEYBHYaNq8RLXO2TUzYQBOOZIacPmj9OyFhl"
    "GJJ08GNsP/gZk8KpOTtUJAqGcQNfudx4AWoobsjyYeaABjlc5fidBYczzLLfsoMZQo3Jm8"
    "91h7BPzJvKGwTaoFz/K5H3Xmz14IYR5SOmay7lfOLk3VVSPBHkiDZxpKpiQvDY0OAw8q20"
    "tS8jrPbk1mWnQJmd2GpP7u7tyc0w22WCUGFS1uQB+mtGw3Vco4vF7GA3LhU1GC0XrwlUE9"
    "fWU5H6NxvWXLN9FqUwkvdsSwTWhOlkVlBTm1P8JpI1AsCjS0+aAlKVyz4dBu7DqJWz8BM8"
    "ac9b+qFRntqs/ahYjjVjOQotwmLfq9gmVD5XEQnn5sTvFSMcZG8guocHB+XOQJh3AkJ2E6"
    "EtAqMiifB/352fFW0hnImkPVijL8i/xAQ3dwfRngMugpFwU0NM777p/JmG++Xp+Yu0/4kF"
    "vFjOIdn8ZPb1/34sFe0="
)
