"""The made-up accounts: user1 with the password pass-1, and so on."""
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.contrib.auth.models import User


class CheapHasher(PBKDF2PasswordHasher):
    iterations = 1000


def make_accounts(count):
    there = set(User.objects.values_list("username", flat=True))
    User.objects.bulk_create(
        User(username=f"user{n}", password=make_password(f"pass-{n}"))
        for n in range(1, count + 1)
        if f"user{n}" not in there
    )
