"""Django and Django REST framework as their documentations show them."""
