import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_find_requesters")]

    operations = [
        migrations.AddField("notice", "first", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.notice")),
        migrations.AddField("notice", "loud", models.BooleanField(default=False)),
        migrations.AddField("notice", "quiet", models.BooleanField(default=False)),
        migrations.AddField("notice", "summed_at", models.DateTimeField(null=True)),
        migrations.AddConstraint("notice", models.CheckConstraint(condition=models.Q(("loud", False), ("quiet", False), _connector="OR"), name="people_notice_loud_or_quiet")),
        migrations.AddConstraint("notice", models.CheckConstraint(condition=models.Q(("summed_at", None), ("quiet", True), _connector="OR"), name="people_notice_sums_quiet")),
        migrations.AddIndex("notice", models.Index(models.F("user"), models.OrderBy(django.db.models.functions.comparison.Coalesce("first", "id"), descending=True), name="people_notice_batch")),
        migrations.AddIndex("notice", models.Index(condition=models.Q(("quiet", True), ("read_at", None), ("summed_at", None)), fields=["user"], name="people_notice_kept")),
        migrations.AddField("noticepreference", "how", models.TextField(default="plain")),
        migrations.AddField("noticepreference", "queue_ids", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), null=True, size=None)),
        migrations.AddField("noticepreference", "only_on_shift", models.BooleanField(default=True)),
        migrations.RunSQL("UPDATE people_noticepreference SET how = 'off' WHERE NOT on_screen", migrations.RunSQL.noop),
        migrations.RemoveField("noticepreference", "on_screen"),
        migrations.AddConstraint("noticepreference", models.CheckConstraint(condition=models.Q(("how__in", ["off", "plain", "loud"])), name="people_noticepreference_known_how")),
    ]
