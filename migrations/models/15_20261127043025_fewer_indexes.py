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
    "eJztXYty27YS/RWM0pkmrezYTmKnSae3iuO0vnXsO7HSdBq7NCRCEms+VBKyoknz73cXfL"
    "8kUhJlikGn40gglqDO4rF7sFh+bhmWynRntzPWutYtM1svyOeWSQ0GH1LX2qRFx+PwChZw"
    "2tNFZTrWFI7VRDHtOdymfQ5XBlR3GBSpzOnb2phrFrbS6pBbNiO9GZmOtP6IUOJeJSDkkI"
    "FlQ8nEYfYuOYXvDuvbjBPNIbemNTVRTIPiEXVGxDL12S62qVp9aFQzh9XcfmJq/0wY/MYh"
    "4yNmQyMfr6FYM1X2iTn49XNroDFdFZ9beHdFU1ES/mJN9mlsM8eB3+/4wj7SIXiKJ+f+/0"
    "lAPBuLSi1xD4BVfPmC8uNbRTQZU5vbqChXfNn3709fvxE1Eaie0rf0iWGGtcczPrLMoPpk"
    "oqm7KIPXhsxkNuVMjSjTnOi6p3m/yMUHCrg9YQEwaligsgGd6NglWj8OJmYfewLBlpQJ16"
    "Cf9S1jTPkulhz95D1nREZRzi+6yuVJV1Faqe6Ez5PoAl5RH+AGzDSTI+qfv7j3DdERpS1s"
    "4PjXzruHTw4fCTwshw9tcVFg1/oiBCmnSqjjEHLxbwr0LmgrhbdfNYE4POMyWPsFIdjhcP"
    "OR87GpAM2WQT8pOjOHfARfD549gyqGZoZF+/hLKefMFj/+r49/XV192tu7/g4/OOIz/Hn+"
    "7OpqMmCDwXVw/Zv0U7X2CbewEdIfUZxcmO20iWnBoNZ1Yg0IDEuD9HRq3u66Y4UaY90dmq"
    "1zbTji+ozAILRs3rqe0w9+77wTXQFaEn3BgrbcOe7cu3TgXsM+EfYBMX4VnDPSPeEYHjh7"
    "+MWl1tMpFg/AjXWJw6cFgD58moszXorD7PQtvEcK4o5t01k2xqFIAl9dc/gWjro5kHZP/u"
    "h+vE5ABosb/jiF8jRsr+EK1wyWjVxcMoGe6onu+h+2EMoW/ED1ApZ4b5TMg/b07cllt/P2"
    "f9ic4Tj/6AK/TvcErxyI0lmi9OFhomcHNyEfTru/EvxK/rw4P0muOUG97p8tfCY64ZYCto"
    "lC1ciA9kt91GJa16nD0ZpYRu9J2TVo3nvkuih+SxTtYzJX07CmaXC7JfQcl2zg+G6SmiMe"
    "RVHjPiKyTgu/vkpdYMOjzzS4zTThEao0tG8sm2lD8zfmmhan8BzU7GcZ8J6z/N67zXZCGp"
    "aGM7ZNp4GTGe1Q8NvhFzPuGridy+PO6xPXK+3R/u2U2qoSgxqvWAdWoiSom75kHBjJEmrS"
    "oQAHfwU+s4f6Kwtu0crgLtwL7XnERQ+rFCMt8uEsSQ5ojjKe9HStv4gYcB9OCeov4ARwuo"
    "g0wzWus2IMhNeQkFjMPSTaiZuJhRsLxUq3OBmry7QYikl+pW5zc3sOvyI9mFzAG+zBxAd5"
    "Ga3HJaXW66L1DDvXe/pQ63fMxik8rfLfwwsxZUcEEppGO6Yi3e5XpdgE5/mrNSXWgDMT2U"
    "1is75lq2RKHTK1NQ7F8CSEcjLQbIe3CTVVYpmMGGC2kqnGR4TRPvxRNY4EKW5qWFPT3fS4"
    "OenS4Q1uevAR/NFM8s/E4sxJcaf788jS0/Nugm1yjcJlRm1cUnIO9Rmk6bk5MC0LbHkEde"
    "Wex0b3PD6wnqNxRnQK1uCoij2P6MMW6wsJiaV6RM2GdbxD7O/Bf3k94JuUjk5g9QIM4P6g"
    "SpjIjYnDSY8RFafxHhvgRI4zv5jgUeFv6Wy3kCrFg+Qq07saV2folqaU+Uanw7RvE62fUG"
    "XPsvSqRrfv8FShTLzejzYSH48fRsLBJwz1RhxtaDJ1B9ZOJEaIQWcEDTOhMeFypgYl3nWe"
    "9l5dXJzF1oBXp92EDt+/fXUC6hWqhUqay8CkF2LQk5VBaWUOy6Bu8wbkUWIwPvi4t/MD3R"
    "l0dt5cfz78kjXpdgjiMbEJ2Fk3D2x7OOz1btLz64ODwfM9+HlFRuNR7kg8epRFTObzaBGO"
    "ixk9WA9G2jhjP/SVJ/zmt3dMpznzbZQlaxhzmRwK0NFXROnYHS0NhUgz7zQuEFgRptPgRk"
    "2FCh7eI5GXR+kM79EkgCqn98X8lEfx+5PXAppfRNcVDlAM59cXXhihWOVHFjyzV2BbOgOP"
    "2/vmLvnkFC5zBvY5mgHgr4MMGG5/W5oJyGaFKlbXUMa+xMdgq0vcpXU9b6PCRa1oGGMEY8"
    "WXXDPRfmryEjx7BgHk2Sr1jZ8a4iPsHOw/PXr6/Mnh0+dQRTxmUHJUgI7Jp9KxI6VhxQC1"
    "E3NipHY5Yxj7snX248FCBzcKB4Q7qoRRrlqpYVfIlzss4mclaZiIk3WY9LCi46noDlJURu"
    "7iJwCVQRFVBkX0/O3zFaMigm347QR1YVhEdIhmx0Uk++waQG2Yw5bEdIVQkxBq6iBFYzBs"
    "eyV7vUud2464GdvG/cJ7MduP/Sk3ZbOHrnS+wR7x2TcXmBMM5AWWrvdwUSu3mrgcv6HNBO"
    "b4rW0wMsdvUobmyNAcGaRRh/1fGZrzNWpdhubI0BwZmrN9g1SG5mxjaM6pSca2hVp3qojL"
    "saHRdA9455XGOV2vcHMdIGICe+4gPoP7Fzv1fRjAeG42Nr59eB++7fzxKDbGzy7Of/GrR9"
    "RxfHbxSgZgbG0AhiTpJau8YVDXwCoXoUA5dW7XQH42COeKSU8D6eZWJuvpXmrPpz2NgK7e"
    "HO+JnaTwNr//iIonVZ4j9Kj9ou2EOZEq5T691jZKfvq/ULKfkv2UPFgNXGzJfn6NWpfsZ/"
    "PZT/hB3DO/CjnkQe0GcmP+KaVi7Fgu+7W/14b7RAiwtI9+Zlm3DhlalooCMLlVdXgpYsIW"
    "NYEiItJnr0tgXc24rEoYEO451CsSIA3zy9sJ/iMyPOsWVFfPTrp0TB20T87fn53dV/6myJ"
    "mhDN4kfqIonzpJHGEqcsRD18zbMEv0dGThuU5M/AwmiThI4RAanLYA20Skay2Xh7qKJpaN"
    "amsXISUiMJY4xZFgQsRNCrE80eZCKcmB1Gota8/hQBp/oqSDh7DcQyUzMWLrcphkBt4rWP"
    "AZ5L4FuFIzZ6sqIrbBQ/tByWY79hoP1MsM3xndev0ZvvH2YKhk7FnlHv6LiixFtWzGnhOk"
    "CRhBM3EoDWeSl+Iu7gspoBjmyx6zi04vazkpGLOgy2C+Et5LzSB7y6I9ondMwM3Ue8JW7h"
    "PkQ72djHGRfQKZmHuZFbtOWi4UcCnjhdbMPUacxxKQxqUkqDIIa/NHe70+uDkiclthjQ/W"
    "OuWSdzPzZNCQQcqefAYyzAx0D0dW20XIPfcJl+f1/NeXFW4Jv1Yeu+W1tcHILa9FGbe1nZ"
    "yl9MdyAW+wPybjtpqmdRm31fy4Lfly1bqfZnxvDzFUroKDjPIInTxCJ9kbyd7c7xE64ezp"
    "8DxrOEcnE/+W4GLeAT5nmqFlHqcLL7bncTKIsaJjvYJRYaGF5FgGc9/NIOSZaygBTvAJzB"
    "u0fpAggLUPbCNTtaYvhVElmkY76P352cUvv5y8ToeFVdRGSeqImarYYlrAdUQQVDyRZamO"
    "WzZLD6H82AmveuOCJsDSWZetlM9xoL1gjLMSH+bu6UdFNuf6VAn7mvfx/RGTgnTBdm4o1k"
    "DuYHu5ApciStlZ97PxcOlOv1lLnX9p7kLn+NN3oVWuI15es6N5zrumuo47c+OPvwWn4W+u"
    "3bwklNgMepnDwZ+YmOjvm7oIZsblB77asJKBJKw2LCv6uZpGSq5zBc+b+wAud948ErJRtJ"
    "1QpFxTOnU4PqRaprGokNypqJWjN28VlzsV+Yv7dnLWRXYqYiO8pN6TslLz26R5GTPYWDuz"
    "Fsdrt0ipy9Oj8g0Lq5wGvecArMtJT5yPzvKDvEvz/SC3Up0zaPmPuHQGrbIBUkGDGwyRCt"
    "qUQVLS9WiYKdJgA1QGSTVN6zJIqvlBUjLpe/3DpDrOrXvS19W5TPze1MTvGtjZFuod8Utp"
    "441Oh2mDNSHSkMQM2J20fsQBTb2sVThXmAoHZkMVZtHUsBGPN2+orDPDg8whJ7OeVQvp6l"
    "nP7oeV6eZQMt2FfMw9kDEq1EU/oxhR4bIUvkzlvIgkRSQpIt3j+rjHkhT5GrUuSZHmkyLy"
    "fYdfw1a6pL7qT319gCmCiXlDmMUwe+iMOpVQYNGnLtYpEhLNOz7oZ/vPT+4fU1Z3apExqH"
    "ho0/HIETO5R1lWlrxf8pZ14C2jbnOp1TIitzVrJXKPeL6KGBOHkx4L2ceva/kc25oFs3PO"
    "uazFKZyj8hsck2cXH0oOO2HATsRRdZdvrkkaZ8CVTzJOaRWDP5TeIPjdi9cXy6A/oILqx+"
    "T3fcsoOtqqVoBMMrCdSQZcrZTcr4kJyR2b+Ts2HmwpeEvv2RwHN9pOWBfu2sS61fKZBqJv"
    "f10+z0DkRbMNgTu+YEYCfJcHKRJL3ESQqINHL9fQmXCDryNuxraRni4ElkzwcU8JPmKdK2"
    "d3Odr55u8yK9SrWvAM9IeRRShBSeSePWF8T+ELKDYYvovBGWnjNnEswvENMGC74lF+Mh15"
    "LLhbieiM3rG0P1FJAxlb4R+D0Irwnq3reRvkYb0C56Lj0Cox2XXuXOempcg01jJ2VLyFeb"
    "Ud6yrt7bVko8jfm45rtTi+KTmZ+0MGh8ngsBosvkk3o9QrMSOLwerAikxxDT8QmZoH6xaA"
    "l5ubPmZ4LjCSSiSpx9dXYm3XOPEsmR6jdoatM7/qXKtFCM43WESVoraKl5zdl5E2So1slE"
    "CRJZbRqIxcR6VZIs2Smi2cpcwS3V+nVsS0aURLEtTorFcnQ0QYgRk2iG8c5psfmHBiwycB"
    "bDbUHM7sEvH54imVmKAM0a/blD3PxEAFlnhpQLR6A8MC959h6FcsLPAJFPztwO90+iNmUM"
    "XvxzByLNugPIbKl9SDtJ5gJCDcl8CMhGGAIkRM1YYiqHcg3mTr1m+Tm90b+KPciCo3Ozcv"
    "iYtSm0zGY2aLYt2awqc+dRg4DJgJGYlPhxrps4AtqtJiIWjP5gSgPUuFn/k/VimZnzgpJx"
    "MVF4nQhC6nZRgAmYMzqNvAkekG7MaDMn/243J34O/+AP4cDfDjDwM/Rvf7n91auwuqPby6"
    "2i1W81FmuG+HEwPm3YyIX5MF4b74Gj9HA7DLjWtyakINZ4pzh3v0F/GCW+gYHOyWzDCuxJ"
    "qaxLLxM6E2AxkiXl2fOTH87BXg0lVFYLHoimVniJiQnB6K4EzvYGG3lYlddI6ICzRxotgT"
    "NEx0png44nzsvHj8OIzkDwZ4EM9/dXXV+vbHn+Cfq8fX3xesef3dv4/pWHvsouoUbuA/D6"
    "6/hynHuRs+yppOuhj7r/X5xGYvcBzfiB8AdoGqihMBIi8G/MIRzAIqTBs3sYe42SVnbMCJ"
    "NeFY0wXNnSdwUsEpSQXnySQD2zJEkb80p6eK2I1h3sBHLjZfgBryO7K4mMoDIaarDGc3Jw"
    "dEUP0ry//ga4wYdEZUi7A7Zs/EazHaoFz3KxEvc7nX/BCq5iDSS50oi4tuT5j8pWb2WRiQ"
    "ILTUp+a3XOR2Bwvgpbt4u9naocoML++SyxEu3uAoiD6NhgPWEvlv8LwQqr1oBHaTwu1H1B"
    "lBLxhTx5laWe9wyrclMkSbuNhVYVOkaKAyQzclLE9x12XIFTm7L09xb98p7tSOTJHgabDr"
    "FPFikRWjODtjrYu32cJhXCjaNQxzWBGoJsaEJE6YbDYcv2bngwphhBQQFwisCNNpcKOmdq"
    "foG5pWOLgQvgyqKSBVuV3ZYeCBjloZG5belfa8LUsa1qlyz1LGIG0yBinXIsz3vfJtQulz"
    "5fG444y403yEveoNRHd/b69Y1ox5OTPSh19N7hkVcYT/e3lxnnf0NRBJerBan5N/iQ5u7h"
    "aiPQdcBCPmpqbSZCQzYrTj/ife4FU5h2T9i9mX/wNiT5gL"
)
