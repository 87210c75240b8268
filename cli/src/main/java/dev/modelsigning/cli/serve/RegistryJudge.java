package dev.modelsigning.cli.serve;

import dev.modelsigning.cli.admission.Judge;
import dev.modelsigning.cli.admission.Judgement;
import dev.modelsigning.cli.admission.Judgement.Kind;
import dev.modelsigning.cli.registry.RegistryVerification;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.oci.OciRules;
import dev.modelsigning.oci.RegistryAccess;
import dev.modelsigning.oci.UnusableModelException;
import dev.modelsigning.oci.reference.OciReference;
import dev.modelsigning.policy.ModelRequest;
import dev.modelsigning.policy.PolicyRules;
import dev.modelsigning.policy.PolicyVerdict;
import dev.modelsigning.policy.result.Requirement;
import dev.modelsigning.report.FailureMessage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides by a policy about models in registries: by the manifest and what refers to it. Nothing of
 * a model is read.
 */
final class RegistryJudge implements Judge {

  /** Whoever gives a registry less time than this learns nothing about it. */
  private static final Duration FAIR = Duration.ofSeconds(2);

  /** The number of requirements that a message has. */
  private static final int MAX_SHOWN = 3;

  private final Supplier<LoadedPolicy> policies;
  private final Supplier<RegistryAccess> access;

  /**
   * Creates a judge.
   *
   * @param policies the policy of the moment
   * @param access how registries are asked at the moment
   */
  RegistryJudge(Supplier<LoadedPolicy> policies, Supplier<RegistryAccess> access) {
    this.policies = policies;
    this.access = access;
  }

  @Override
  public String version() {
    return policies.get().version();
  }

  @Override
  public Judgement judge(OciReference model, Duration limit) {
    LoadedPolicy policy = policies.get();
    String name = model.repository();
    if (policy.now().readsContent(name)) {
      return Judgement.of(
          Kind.REFUSED,
          "the policy asks for what is in the files of "
              + name
              + " (forbid: code), which are not read here; verify the model in an init container, and"
              + " have whoever writes the policy of the webhook leave that out of it");
    }
    try (RegistryVerification registry =
        RegistryVerification.ofUnreadModel(model, access.get(), limit)) {
      ModelRequest request =
          ModelRequest.of(registry.model(), name, registry.signatures(), registry.claims())
              .reading(Reading.withDefaults().accept(Evidence.CONTENT_ADDRESSED));
      PolicyVerdict verdict = policy.now().examine(request);
      Judgement judgement = judgement(verdict);
      // What is accepted now, and will not be in a while, is not kept until then.
      return judgement.kind() == Kind.VERIFIED && !policy.ahead().examine(request).isVerified()
          ? Judgement.once(Kind.VERIFIED, judgement.message())
          : judgement;
    } catch (InterruptedIOException e) {
      return Judgement.once(Kind.UNKNOWN, "the registry did not answer in time; try again");
    } catch (UnusableModelException e) {
      // Trying again would not help.
      return Judgement.of(Kind.REFUSED, Printable.escape(FailureMessage.of(e).replace('\n', ' ')));
    } catch (IOException e) {
      String message =
          "there is no verdict: " + Printable.escape(FailureMessage.of(e).replace('\n', ' '));
      return limit.compareTo(FAIR) < 0
          ? Judgement.once(Kind.UNKNOWN, message)
          : Judgement.of(Kind.UNKNOWN, message);
    }
  }

  private static Judgement judgement(PolicyVerdict verdict) {
    if (verdict.isVerified()) {
      String unsigned = unsigned(verdict);
      return unsigned.isEmpty()
          ? Judgement.of(Kind.VERIFIED, "")
          : Judgement.of(
              Kind.REFUSED,
              "it has "
                  + unsigned
                  + ", which the signature does not cover, and a volume would have that, too (next:"
                  + " push the model without it)");
    }
    if (!verdict.isRefused()) {
      return Judgement.of(
          Kind.WARNED,
          Printable.escape(
              verdict.findings().stream()
                  .filter(finding -> finding.rule().equals(PolicyRules.POLICY_WARNS))
                  .map(Finding::message)
                  .findFirst()
                  .orElse("the policy only warns")));
    }
    return Judgement.of(
        Kind.REFUSED,
        Printable.escape(
            "the policy refuses it"
                + verdict
                    .rule()
                    .map(rule -> " by the rule " + rule.match() + " in line " + rule.line())
                    .orElse("")
                + ": "
                + unmet(verdict)));
  }

  /**
   * What nobody signed in a verified model. Who verifies a copy has a copy without it; a volume has
   * all that is in the manifest, and its path below the volume is the pod's author's choice.
   */
  private static String unsigned(PolicyVerdict verdict) {
    List<String> names =
        Stream.concat(
                verdict.uncovered().stream().map(UncoveredEntry::name).map(Printable::quote),
                verdict.findings().stream()
                    .filter(finding -> finding.rule().equals(OciRules.LAYER_NOT_OF_MODEL))
                    .map(finding -> Printable.escape(finding.message())))
            .distinct()
            .toList();
    int more = names.size() - MAX_SHOWN;
    return names.stream().limit(MAX_SHOWN).collect(Collectors.joining(", "))
        + (more > 0 ? ", and " + more + " more" : "");
  }

  private static String unmet(PolicyVerdict verdict) {
    List<Requirement> unmet = verdict.unmet();
    if (unmet.isEmpty()) {
      return verdict.reason().map(Finding::message).orElse("no signature of it counts");
    }
    // What needs another requirement first is not what the author of the pod can do next.
    List<Requirement> first =
        unmet.stream().filter(row -> !row.why().startsWith("not checked")).toList();
    List<Requirement> shown = first.isEmpty() ? unmet : first;
    int more = shown.size() - MAX_SHOWN;
    return shown.stream()
            .limit(MAX_SHOWN)
            .map(RegistryJudge::text)
            .collect(Collectors.joining("; "))
        + (more > 0 ? "; and " + more + " more requirements" : "");
  }

  private static String text(Requirement row) {
    return row.text()
        + ": "
        + row.why()
        + (row.next().isEmpty() ? "" : " (next: " + row.next() + ")");
  }
}
