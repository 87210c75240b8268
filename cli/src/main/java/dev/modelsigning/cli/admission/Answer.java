package dev.modelsigning.cli.admission;

import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.internal.json.Printable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The answer to a review.
 *
 * @param allowed whether the object is admitted
 * @param code the HTTP status that the author of the pod gets if it is not
 * @param message why, for the author; of a pod that is admitted, for records
 * @param warnings what clients show though the pod is admitted
 * @param models what was found out about each model, by its reference
 */
public record Answer(
    boolean allowed,
    int code,
    String message,
    List<String> warnings,
    Map<String, Judgement.Kind> models) {

  private static final int FORBIDDEN = 403;
  private static final int UNAVAILABLE = 503;
  private static final int OK = 200;

  /** Clients show that much of a warning. */
  private static final int MAX_WARNING = 250;

  /** A message of many models must not become too large for events, which show it. */
  private static final int MAX_MESSAGE = 8 * 1024;

  /** Copies list and map, and shortens and escapes texts. */
  public Answer {
    message = Printable.escape(cut(message, MAX_MESSAGE));
    warnings = warnings.stream().map(text -> Printable.escape(cut(text, MAX_WARNING))).toList();
    models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
  }

  private static String cut(String text, int most) {
    return text.length() <= most
        ? text
        : text.substring(0, most - (Character.isHighSurrogate(text.charAt(most - 1)) ? 1 : 0))
            + "...";
  }

  /** An answer about no model that admits the object. */
  static Answer allowed(String message) {
    return new Answer(true, OK, message, List.of(), Map.of());
  }

  /** An answer about no model that does not. */
  static Answer denied(String message) {
    return new Answer(false, FORBIDDEN, message, List.of(), Map.of());
  }

  /** Of a server that has too much to do, or not enough memory. */
  public static Answer unavailable(String message) {
    return new Answer(false, UNAVAILABLE, message, List.of(), Map.of());
  }

  /** The answer about models. */
  static Answer about(
      boolean allowed,
      boolean known,
      String message,
      List<String> warnings,
      Map<String, Judgement.Kind> models) {
    int code = allowed ? OK : known ? FORBIDDEN : UNAVAILABLE;
    return new Answer(allowed, code, message, warnings, models);
  }

  /**
   * The answer as JSON (AdmissionReview).
   *
   * @param uid that of the review
   * @param policy what decided, for the audit log of the API server
   */
  public byte[] json(String uid, String policy) {
    return JsonWriter.document(json -> {
      json.string("apiVersion", "admission.k8s.io/v1");
      json.string("kind", "AdmissionReview");
      json.object(
          "response",
          response -> {
            response.string("uid", uid);
            response.bool("allowed", allowed);
            if (!allowed) {
              response.object(
                  "status",
                  status -> {
                    status.string("status", "Failure");
                    status.integer("code", code);
                    status.string("reason", code == FORBIDDEN ? "Forbidden" : "ServiceUnavailable");
                    status.string("message", message);
                  });
            }
            if (!warnings.isEmpty()) {
              response.array("warnings", list -> warnings.forEach(list::string));
            }
            response.object(
                "auditAnnotations",
                audit -> {
                  audit.string("policy", policy);
                  if (!models.isEmpty()) {
                    audit.string("models", text());
                  }
                });
          });
    });
  }

  private String text() {
    return cut(
        String.join(
            ", ",
            models.entrySet().stream()
                .map(entry -> entry.getKey() + " " + word(entry.getValue()))
                .toList()),
        MAX_MESSAGE);
  }

  /** A kind as records have it. */
  public static String word(Judgement.Kind kind) {
    return switch (kind) {
      case VERIFIED -> "verified";
      case WARNED -> "warned";
      case REFUSED -> "refused";
      case UNKNOWN -> "unknown";
    };
  }
}
