package dev.modelsigning.cli.serve;

import dev.modelsigning.cli.admission.Answer;
import dev.modelsigning.cli.admission.Judgement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Numbers for those who watch the server, in the text format of Prometheus. Thread-safe. */
final class Metrics {

  private static final String PREFIX = "model_signing_admission_";

  /** The upper bounds of the histogram, in milliseconds. */
  private static final List<Integer> BOUNDS = List.of(10, 50, 100, 500, 1_000, 5_000, 10_000);

  /** What became of a request. */
  enum Outcome {
    /** The object was admitted. */
    ALLOWED,
    /** The object was not admitted. */
    DENIED,
    /** It was no review, or too large. */
    MALFORMED,
    /** There was too much to do. */
    BUSY
  }

  private final Map<Outcome, LongAdder> reviews = counters(Outcome.class);
  private final Map<Judgement.Kind, LongAdder> models = counters(Judgement.Kind.class);
  private final List<LongAdder> buckets = BOUNDS.stream().map(bound -> new LongAdder()).toList();
  private final LongAdder answered = new LongAdder();
  private final LongAdder milliseconds = new LongAdder();
  private final List<Gauge> gauges = Collections.synchronizedList(new ArrayList<>());

  private record Gauge(String name, String type, String help, LongSupplier value) {}

  private static <E extends Enum<E>> Map<E, LongAdder> counters(Class<E> kinds) {
    Map<E, LongAdder> all = new EnumMap<>(kinds);
    for (E each : kinds.getEnumConstants()) {
      all.put(each, new LongAdder());
    }
    return Collections.unmodifiableMap(all);
  }

  /** Counts a request. */
  void count(Outcome outcome) {
    counter(reviews, outcome).increment();
  }

  /** Counts a review that was answered. */
  void answered(Answer answer, Duration took) {
    count(answer.allowed() ? Outcome.ALLOWED : Outcome.DENIED);
    answer.models().values().forEach(kind -> counter(models, kind).increment());
    long time = took.toMillis();
    for (int i = 0; i < BOUNDS.size(); i++) {
      if (time <= BOUNDS.get(i)) {
        buckets.get(i).increment();
      }
    }
    answered.increment();
    milliseconds.add(time);
  }

  private static <E extends Enum<E>> LongAdder counter(Map<E, LongAdder> all, E kind) {
    LongAdder counter = all.get(kind);
    if (counter == null) {
      throw new IllegalStateException("there is a counter for each");
    }
    return counter;
  }

  /** A number that is asked for when it is shown. */
  void gauge(String name, String help, LongSupplier value) {
    gauges.add(new Gauge(name, "gauge", help, value));
  }

  /** The same for one that only grows. */
  void total(String name, String help, LongSupplier value) {
    gauges.add(new Gauge(name, "counter", help, value));
  }

  /** All numbers. */
  String text() {
    StringBuilder text = new StringBuilder();
    head(text, "reviews_total", "counter", "Requests, by what became of them.");
    reviews.forEach((outcome, count) ->
        text.append(PREFIX)
            .append("reviews_total{result=\"")
            .append(
                switch (outcome) {
                  case ALLOWED -> "allowed";
                  case DENIED -> "denied";
                  case MALFORMED -> "malformed";
                  case BUSY -> "busy";
                })
            .append("\"} ")
            .append(count.sum())
            .append('\n'));
    head(text, "models_total", "counter", "Models of reviews, by their verdict.");
    models.forEach((kind, count) ->
        text.append(PREFIX)
            .append("models_total{verdict=\"")
            .append(Answer.word(kind))
            .append("\"} ")
            .append(count.sum())
            .append('\n'));
    head(text, "review_seconds", "histogram", "The time that answers took.");
    long all = answered.sum();
    for (int i = 0; i < BOUNDS.size(); i++) {
      bucket(text, seconds(BOUNDS.get(i)), Math.min(all, buckets.get(i).sum()));
    }
    bucket(text, "+Inf", all);
    text.append(PREFIX)
        .append("review_seconds_sum ")
        .append(seconds(milliseconds.sum()))
        .append('\n');
    text.append(PREFIX).append("review_seconds_count ").append(all).append('\n');
    for (Gauge gauge : List.copyOf(gauges)) {
      head(text, gauge.name(), gauge.type(), gauge.help());
      text.append(PREFIX)
          .append(gauge.name())
          .append(' ')
          .append(gauge.value().getAsLong())
          .append('\n');
    }
    return text.toString();
  }

  private static void head(StringBuilder text, String name, String type, String help) {
    text.append("# HELP ").append(PREFIX).append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(PREFIX).append(name).append(' ').append(type).append('\n');
  }

  private static void bucket(StringBuilder text, String bound, long count) {
    text.append(PREFIX)
        .append("review_seconds_bucket{le=\"")
        .append(bound)
        .append("\"} ")
        .append(count)
        .append('\n');
  }

  private static String seconds(long milliseconds) {
    return Double.toString(milliseconds / 1000.0);
  }
}
