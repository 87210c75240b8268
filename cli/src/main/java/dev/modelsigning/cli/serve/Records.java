package dev.modelsigning.cli.serve;

import dev.modelsigning.cli.admission.Answer;
import dev.modelsigning.cli.admission.Review;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.internal.json.JsonWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** What happened, as lines on standard output, each a JSON object in ASCII. Thread-safe. */
final class Records {

  private static final String INFO = "info";
  private static final String ERROR = "error";

  private final Output output;
  private final Clock clock;

  Records(Output output, Clock clock) {
    this.output = output;
    this.clock = clock;
  }

  /**
   * An event.
   *
   * @param event what happened, a word
   * @param message more about it, for people
   */
  void info(String event, String message) {
    write(INFO, event, json -> json.string("message", output.withoutSecrets(message)));
  }

  /** Something went wrong that somebody has to look after. */
  void error(String event, String message) {
    write(ERROR, event, json -> json.string("message", output.withoutSecrets(message)));
  }

  /** A defect of this program. */
  void defect(Throwable failure) {
    error("defect", Output.INTERNAL_ERROR + failure);
    output.internalError(failure);
  }

  /** A review that was answered. */
  void review(Review review, Answer answer, Duration took) {
    write(
        INFO,
        "review",
        json -> {
          json.string("uid", review.uid());
          json.string("operation", review.operation());
          json.string("resource", review.resource());
          json.string("object", review.object());
          if (review.isDryRun()) {
            json.bool("dryRun", true);
          }
          json.bool("allowed", answer.allowed());
          json.string("message", output.withoutSecrets(answer.message()));
          json.object(
              "models",
              models ->
                  answer
                      .models()
                      .forEach((model, kind) -> models.string(model, Answer.word(kind))));
          json.integer("milliseconds", took.toMillis());
        });
  }

  private void write(String level, String event, JsonWriter.Content content) {
    String line =
        JsonWriter.asciiDocument(json -> {
          json.string("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
          json.string("level", level);
          json.string("event", event);
          content.write(json);
        });
    output.data(line.strip() + "\n");
  }
}
