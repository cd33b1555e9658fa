"""Addresses of messages: the own ones, what became of them, and their words."""

from django.urls import path

from desk.views import deliveries, message_templates, messages

urlpatterns = [
    path("messages/", messages.message_list, name="messages"),
    path("messages/bell/", messages.message_bell, name="message_bell"),
    path("messages/reading/", messages.all_reading, name="messages_reading"),
    path("messages/<uuid:pk>/reading/", messages.message_reading, name="message_reading"),
    path("messages/wishes/", messages.message_wishes, name="message_wishes"),
    path("messages/addresses/", messages.message_addresses, name="message_addresses"),
    path("message-deliveries/", deliveries.delivery_list, name="deliveries"),
    path("message-deliveries/<uuid:pk>/", deliveries.delivery_detail, name="delivery"),
    path(
        "message-deliveries/<uuid:pk>/clearing/",
        deliveries.delivery_clearing,
        name="delivery_clearing",
    ),
    path("message-templates/", message_templates.template_list, name="message_templates"),
    path(
        "message-templates/proposal/",
        message_templates.template_proposal,
        name="message_template_proposal",
    ),
    path("message-templates/<int:pk>/", message_templates.template_detail, name="message_template"),
    path(
        "message-templates/<int:pk>/decision/",
        message_templates.template_decision,
        name="message_template_decision",
    ),
]
