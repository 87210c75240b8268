package dev.modelsigning.cli.admission;

import dev.modelsigning.cli.admission.Judgement.Kind;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.oci.reference.OciReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Decides whether a pod is admitted: if each model that it names is in a registry that may be
 * asked, is named by its digest, and is accepted. Whatever is not looked at is not admitted.
 */
public final class Admission {

  private final Registries registries;
  private final Verdicts verdicts;

  /** Creates what decides. */
  public Admission(Registries registries, Verdicts verdicts) {
    this.registries = registries;
    this.verdicts = verdicts;
  }

  /** A model that is asked about, and where the pod names it. */
  private static final class Asked {
    private final OciReference model;
    private final List<String> places = new ArrayList<>();

    Asked(OciReference model) {
      this.model = model;
    }
  }

  /**
   * Decides about a review.
   *
   * @param limit within which there is an answer
   * @return the answer, which never fails
   */
  public CompletableFuture<Answer> decide(Review review, Duration limit) {
    if (!review.isAboutPod()) {
      return done(
          Answer.denied(
              "model-signing looks at pods only, and was asked about "
                  + review.resource()
                  + "; the rules of the webhook should have the resources pods and"
                  + " pods/ephemeralcontainers, and no others"));
    }
    if (review.operation().equals("DELETE")) {
      return done(Answer.allowed("what is deleted loads no model"));
    }
    if (!review.operation().equals("CREATE") && !review.operation().equals("UPDATE")) {
      return done(
          Answer.denied(
              "model-signing does not know the operation "
                  + Printable.quote(review.operation())
                  + "; the rules of the webhook should have CREATE and UPDATE"));
    }
    if (review.pod().isEmpty()) {
      return done(Answer.denied("model-signing was asked about a pod of version v1, and got none"));
    }
    PodModels before =
        review.operation().equals("UPDATE")
            ? review.before().orElse(PodModels.NONE)
            : PodModels.NONE;
    PodModels named = review.pod().get().without(before);
    if (named.models().isEmpty() && named.problems().isEmpty()) {
      return done(
          Answer.allowed(
              review.pod().get().models().isEmpty()
                  ? "it names no model"
                  : "it names no model that it did not name before"));
    }
    return decide(named, limit);
  }

  private CompletableFuture<Answer> decide(PodModels named, Duration limit) {
    if (!named.problems().isEmpty()) {
      return done(Answer.denied(message(named.problems())));
    }
    List<String> refusals = new ArrayList<>();
    Map<String, Asked> asked = new LinkedHashMap<>();
    for (NamedModel each : named.models()) {
      try {
        OciReference model = ModelName.parse(each.text());
        if (registries.have(model)) {
          asked.computeIfAbsent(model.toString(), key -> new Asked(model)).places.add(each.place());
        } else {
          refusals.add(
              each.place()
                  + ": models of "
                  + model.registry()
                  + "/"
                  + model.repository()
                  + " are not asked for: it is in none of the registries that may be asked ("
                  + String.join(", ", registries.hosts())
                  + "); copy the model with its signatures to one of these, or have whoever runs"
                  + " the webhook add it with --registry");
        }
      } catch (IllegalArgumentException e) {
        refusals.add(each.place() + ": " + e.getMessage());
      }
    }
    if (!refusals.isEmpty()) {
      // Nothing is asked for a pod that is not admitted in any case.
      return done(Answer.denied(message(refusals)));
    }
    List<Asked> all = List.copyOf(asked.values());
    List<CompletableFuture<Judgement>> answers =
        all.stream().map(each -> verdicts.ask(each.model, limit)).toList();
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(done -> answer(all, answers.stream().map(CompletableFuture::join).toList()));
  }

  private static Answer answer(List<Asked> asked, List<Judgement> judgements) {
    Map<String, Kind> models = new LinkedHashMap<>();
    List<String> refusals = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    boolean known = false;
    for (int i = 0; i < asked.size(); i++) {
      Judgement judgement = judgements.get(i);
      String model = asked.get(i).model.toString();
      models.put(model, judgement.kind());
      String text =
          String.join(", ", asked.get(i).places)
              + ": "
              + without(model)
              + ": "
              + judgement.message();
      switch (judgement.kind()) {
        case VERIFIED -> {}
        case WARNED -> warnings.add("not verified: " + without(model) + ": " + judgement.message());
        case REFUSED -> {
          known = true;
          refusals.add(text);
        }
        case UNKNOWN -> refusals.add(text);
      }
    }
    return refusals.isEmpty()
        ? Answer.about(
            true,
            true,
            warnings.isEmpty() ? "all models are verified" : String.join("; ", warnings),
            warnings,
            models)
        : Answer.about(false, known, message(refusals), warnings, models);
  }

  /** As pods name it. */
  private static String without(String reference) {
    return reference.substring("oci://".length());
  }

  private static String message(List<String> refusals) {
    if (refusals.size() == 1) {
      return refusals.get(0);
    }
    StringBuilder text = new StringBuilder(refusals.size() + " models are not admitted");
    for (int i = 0; i < refusals.size(); i++) {
      text.append("; ").append(i + 1).append(") ").append(refusals.get(i));
    }
    return text.toString();
  }

  private static CompletableFuture<Answer> done(Answer answer) {
    return CompletableFuture.completedFuture(answer);
  }
}
