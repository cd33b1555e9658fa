from django.apps import AppConfig


class PostlossConfig(AppConfig):
    name = "postloss"

    def ready(self):
        from core import jobs
        from postloss import tasks

        jobs.register("load_lender_file", tasks.load_lender_file)
        jobs.register("close_month", tasks.close_month)
