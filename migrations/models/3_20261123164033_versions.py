from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "boards" ADD "version" INT NOT NULL DEFAULT 1;
        ALTER TABLE "columns" ADD "version" INT NOT NULL DEFAULT 1;
        ALTER TABLE "comments" ADD "version" INT NOT NULL DEFAULT 1;
        ALTER TABLE "subtasks" ADD "version" INT NOT NULL DEFAULT 1;
        ALTER TABLE "tasks" ADD "version" INT NOT NULL DEFAULT 1;
        ALTER TABLE "users" ADD "version" INT NOT NULL DEFAULT 1;"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "boards" DROP COLUMN "version";
        ALTER TABLE "columns" DROP COLUMN "version";
        ALTER TABLE "comments" DROP COLUMN "version";
        ALTER TABLE "subtasks" DROP COLUMN "version";
        ALTER TABLE "tasks" DROP COLUMN "version";
        ALTER TABLE "users" DROP COLUMN "version";"""


MODELS_STATE = (
    "eJztXQtT28YW/is7TmeaNMYBEkKadHprCGm4JdAJprnTQOW1tbYVJK2iXcV4KP/9nrOSrL"
    "eRAYHtKJMx9j60q3P2vL6zWl02LK4zU7R2OHX1xmty2bCpxeBLsqJJGtRxomIskLRnqpY9"
    "bKKKaE9Il/YllA6oKRgU6Uz0XcORBreh1PZMEwt5Hxoa9jAq8mzjq8c0yYdMjpgLFZ/PoN"
    "iwdXbBRPjTOdcGBjOTMzXU/FS5JieOKjs52X/7TrXE4Xpan5ueZUetnYkccXva3PMMvYV9"
    "sG7IbOZSyfTYbeAsg/sNi/wZQ4F0PTadqh4V6GxAPROJ0fhl4Nl9pAHBkTRPGkDaPrccKl"
    "tYsv1rMM9YH007POpox3sdTWvMQcg+t5EJhi2RapdX/nUj6qjSBg6w+7798fHzl08UPbiQ"
    "Q1dVKto1rlRHKqnfVXEgInnfZUggjcos6d9CjTQslk/+ZM8UG/Sgayv8chN2hAURP6K1GB"
    "I3JF8FBG/ADepHtjkJFsIMBnT2P+wdd9of/sThLCG+mop+7c4e1myq0kmq9LHPLw5i5kvf"
    "9CLk037nPcGf5O+jw700V6ftOn83cE7Uk1yz+VijemzNhqUh1aBlxHXP0W/I9WTPmuuLwv"
    "WQRjG2B7OPuP6NuQKpkWH5X1FFgtmxDilOA7Wq4u1GVYxN9mu852PCB5LZBMwUcVmfuzoZ"
    "U0HGriGhGGZCqCQDwxWySaitE24zYnGXkbEhR4TRPnzohoSrEEMKwsd2i+zDl+5ehw67xB"
    "BwZfgwbPLV45KJFs6eXVDLMX1DuHE2Y3XtH3aU7o74Jw1psiz3OuxCZlg3bZtiHFBkGYXS"
    "oheayeyhHMHPza0tFC3Djopw0YAJlsxVd//P539OTy/W189+wi9CfYePV1unp96ADQZn0/"
    "ofsrNqbBDJcRDSH1F0gkAKmsTmklDTRGbDerFIz6T2eYajjU+sJwzJiEnBTxg1ZjH4r/ZH"
    "ZbhhpJROOAyqNv265CqIT7bcWkj1uNGKCKzKYi6IjXX4V7QCfsjwaA/0GtAArg+sBBG3PC"
    "FJjxEdBbzHBijiqBOU6CPDP9BJqxQr1UQKmRnUJtlpCM3xeqbRzzLznUmHWa833j7Fyh7n"
    "ZlXSHbrCVTAT6/vxQZLy+GmkIgnCkG9EGEOb6WugVT0BhRadEDTZimMqgMkIJV51Fvd2jo"
    "4OEiZ8Z7+T4uHJh509YK9iLTQCCc9X0cAn7pYUy2nb1RPI7ZQwPvq8vvYzXRu0196dXb68"
    "ylO6bYL08FwCFrj7yHWHw16vm9WvjzYHr9bh9spI43ahJG6jFGIYOjiPRUVY0KP98zEsIi"
    "1REwummdUDezAyHJFl807Q+d0fH5lJC/RtPBw/gRW8hOb4KlzKYWmet+kv9FtSadeXlhUi"
    "ES4yvsmLll22ytq00iXUpkN1Szg2jpRZU0X4T7jgrsGANFSt5YAgENxIJl6T8cgAt1hp5h"
    "GHOQcFLjcZ+M/BL19Nk32olgx8KlTd4H1DHzC2X7hhA2WV6MfpXOlAOaDV54YXEEtdpXGW"
    "QrEuGxFXAqr5iBR8nim15UDohvHTlHEhR2I01sKe/v8LxYtABnzlB+RXP67mgs32bTkHap"
    "YTzgX25XZwWZUGZ4hTWNvceLH94tXzly9eQRM1zWnJdongqhgYw4WUJesuRAR7tmcp2u7D"
    "hKjdZxkah30XOfYCrwpcXxQIX6qUI6XzjNiV8r9flvGN08hHzDF+mfaK4/JUFg+O97lLVH"
    "gxLMmNcN8Y4gfKZk56xrrU5MzzF1PLNSeAg0gSopU/2CSjL2Y4hctL1Iy3A8UuHU9NVkJE"
    "4e7hnpkfSe22j3fbb/camTV7B0RdMSc7TdOYmOaTtDisqdIX3Q31SMYRjXz6Yi80FjzUqc"
    "g6FVmnIpcyKVWnIr9HrtepyDoVWaciHz4VuW8Tx+UotKKKPCRoBCM/CflnrCaxEuJd7k+K"
    "KwehMPWYgp6a5LqkVgckXc2aUIvbQyW2wuiZMByweOByC6+L4s09SYbUES1yzGwds5Yo/Y"
    "4nRVxdoIPLlG4QI2MQ1HEsFW+In9iccNtPk8FliMWoLcJfmcWzPp86qNNey5P2qmG2Ghe6"
    "Z6LeAS5UJjcrqTi/Zb6xA5dYITpXmm3c5ZbF1FA5EI9f1ZyN8ahG1YM8iUwdLpLSibpwil"
    "rQ6/okHWrX2GghOFd2nKD9XWYCa9SqRq1q/KJGrWqu16jVd45awQ3JwC0pFahOW68gchXu"
    "mS6HXWU3UR9wfi7IkHMdISpQWVVtkI45bGUdm1iXOkJdlI0gC4bcVBLvyyB8vGW4v2JRaD"
    "MV7cfEc9E2gSzmIr3xHhAYnxyeHBw81CaQj0DpA8MyckGCqLI5CyZAbmkmtiu5ITnySwS3"
    "mP+cj+rPfPcESA7fwKlAnwNDcjDy4JHYOh+/Ua6MGhq9j5PDg6Pff997m92LXNEYc2IZzN"
    "YFBhLXoAsxCmpBl5sCDOdskhVG3BSbbzmC5nfjPj3sduN02u+uEmrFyAL6YZYjcxDNws3d"
    "8S4rlGC77S7viKahxGRIOjtoj3VbwYh9eSN0H5iZ40GuKo3dsa9+80xdWDXT0IlQfZeycm"
    "31IOSaEYTMhu6Hy2BZ+Dmzf4Qg+os0um8IhcgcVpmQpM89G6Ns25zg4zFofuCnC5YMemL2"
    "OO+Rm2oGmdPOlUTRQwKWRNFTUD1c2IArl7Cn03GiLvMNZVIhcZL6PIPFO9X5gYWKCGdZ8T"
    "o/UGzclxMpLpMfSEj4nHxP9605v0ycj5mReZ3MRM8V5PqScLnQz1wIGHWJmHpzHLV+8muJ"
    "n/w69noKB8+Lg4Kq2XGQ32iR9wWFUyy/L6h2yWuXfAlUzwo7ZvWWnVXjer1lZ/W37NQPmi"
    "3+g2ZtcU4G3CXU53kVD5sZQkOHAz3cvOcpCg5KTHS5x7MSpyUPeFgiyCjIIR5pmWGYmt49"
    "HYhY796q9xs9dJx87X6jh4mTOwVBcufaCPl+wuM6ZK1D1iXQAksavNQh6/fI9TpkrUPWOm"
    "R9+JD1k4svacAVpTB+WFcmo6KS0LV+X8Nt39fQGXPiAIuHLnVGQsl4ADVU9tBRfbhNfbjN"
    "VIAhTEJPaV4fLN7vDjyw+5FoxI/wqYXES1FKHgq9vD5Y1vV2XIODjSh42uH6I8Dj/e/Ptj"
    "cOjj7NGdgqB8tzh/iAisIMF+QEcKCr9HKefShH/qj3PRK/c/T26CbUH1AF147Aqe1zq6y0"
    "Vc2A+kyv5TzTy+fKnJh7olONus9G3fvTA6xvibuv3NttminkPbGsbn6wV/ykqCTJ53uX0P"
    "RQqhUhd9JgxrbN3ZxIsR16q0KkKnM4RS9buv49S+XfsFTncFYjh4McV9/L+VTx5iuIDm5s"
    "ZU6feQ4FXwTcp+iPmEW1cPvsZWPAXYvKBFWusn7XcwQE4boEjAyigQow0I2hQn0H8GtC/P"
    "ZN0m114UPrqibdte4b4lOpSTzHYa4qNvkYvvWpQHjBf1koI4Ja2Q0VDarTckjU1gwcaiuD"
    "QoU3q8352H26X/38fRmgFpacYZYUzmnbFZRMH7dPYrO/hfD8GnxuDOBje4Bffx6EUP3T3/"
    "xWrWuaPT49bZVr+SQX9W9LYoHezQH+bTZF/Q37m4F4I5tPrsm+DS3EGHWHv38K6QWXMDFH"
    "4JdMMLDjY5twF78TqoBJQnVQZbmK4begAE1XFfkFtRTn1RCJTrV6KENn+g0Mu6t5blkdke"
    "ywiopiXZ3HEdcUj0dSOuL1s2dRQm8q4NO03unpaePHX36FP6fPzp6WbHn207/PqGM886kq"
    "Sg/wn0dnT0HliG/DJ3nqBDMVjtGXnsteoxx31Q2AX6DrKjGotrXCHY5AC+B7Q7uJSXRb5I"
    "ANJMEsBrT0iebrCZWhAJWkQ0Bs+ykPLApNc1ZVJC4MegOnXE5fABuKF7KqzGymVeoqB8Eo"
    "2Eg7bf6dbaINORa8HNN/A7k67amJL5n1X0ie/9Lx+9xkO6JixHTNoUKMed6B88WGIKfrKm"
    "qqKgyCy4aGAM13ow1amc71Hq1FyQ+W2ZlX79Favj1acxwTFcPzpq8cvyWwmnj9+pIJcin8"
    "+b5B+gXLGpbD6GNHfN0Co49OE1uVhVQlRt9m4OuNGjkofVDTnIXT06jNwgD1hec/5uL0OQ"
    "YmkJ3FDefv5NjHYii+0HwXO8rFBrx2kIsQExCqOSgcNF9B6m6sr5fbpjprk2p2n0fBywz+"
    "e3x0WLTLo+iNBjpEw+RfYkJMsoTUnkFcJEYipghp+vhD+39pcu8eHO2kgwW8wM583uPdG7"
    "Or/wP43LWS"
)
