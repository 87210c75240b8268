package dev.modelsigning.policy.internal.lint;

import dev.modelsigning.finding.Severity;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.policy.internal.rules.Age;
import dev.modelsigning.policy.internal.rules.AttestationRule;
import dev.modelsigning.policy.internal.rules.Condition;
import dev.modelsigning.policy.internal.rules.IdentityExpression;
import dev.modelsigning.policy.internal.rules.ModelRule;
import dev.modelsigning.policy.internal.rules.PolicyDraft;
import dev.modelsigning.policy.internal.rules.PolicyText;
import dev.modelsigning.policy.internal.rules.SignatureRule;
import dev.modelsigning.policy.internal.rules.SignerText;
import dev.modelsigning.policy.problem.Place;
import dev.modelsigning.policy.problem.PolicyProblem;
import dev.modelsigning.predicate.PredicateType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is unusual in a policy, as far as it can be seen without the files of its signers. */
public final class PolicyLint {

  /** Signs before the first character that an expression matches. */
  private static final Pattern BEFORE =
      Pattern.compile("(\\^|\\\\A|\\(\\?[a-zA-Z]+\\)|\\(\\?:|\\(\\?P?<[^>]*>|\\()*");

  /** A scheme, whose slashes may be escaped. */
  private static final Pattern SCHEME = Pattern.compile("[a-zA-Z+-]+\\??:(\\\\?/){2}");

  /** What matches any of many characters: not a class of a few. */
  private static final Pattern OPEN =
      Pattern.compile("\\.|\\[(?:\\^|[^\\]]*[-\\\\:])|\\\\[wWsSdDpP]");

  /** A host before the repository, or a tag or a digest after it. */
  private static final Pattern REFERENCE =
      Pattern.compile(
          "^(localhost|ghcr\\.io|docker\\.io|quay\\.io|[a-z0-9-]+(\\.[a-z0-9-]+){2,}"
              + "|[a-z0-9.-]+:[0-9]{1,5})/|[^/]:[A-Za-z0-9_][\\w.-]*$|@sha256:");

  /** What is a wildcard elsewhere. */
  private static final Pattern OTHER_WILDCARDS = Pattern.compile("[\\[\\]{}]");

  /** So many rules with wildcards are compared with each rule that has none. */
  private static final int MAX_COMPARED = 200;

  private final PolicyText policy;
  private final List<PolicyProblem> problems = new ArrayList<>();

  private PolicyLint(PolicyText policy) {
    this.policy = policy;
  }

  /**
   * The warnings about a policy, in the order of its lines. Of one that was not understood as a
   * whole, nothing is said that what is missing could refute.
   */
  public static List<PolicyProblem> problems(PolicyDraft draft) {
    PolicyText policy = draft.understood();
    PolicyLint lint = new PolicyLint(policy);
    if (draft.isWhole()) {
      lint.unusedSigners();
    }
    lint.identities();
    lint.coveredRules();
    policy.rules().forEach(lint::rule);
    lint.problems.sort(Comparator.comparingInt(problem -> problem.place().line()));
    return List.copyOf(lint.problems);
  }

  private void warn(Place place, String message) {
    problems.add(new PolicyProblem(Severity.WARNING, place, message));
  }

  private void unusedSigners() {
    Set<String> used = policy.usedSigners();
    for (SignerText signer : policy.signers().values()) {
      if (!used.contains(signer.name())) {
        warn(signer.place(), "the signer " + Printable.quote(signer.name()) + " is never used");
      }
    }
  }

  private static Place below(Place place, String field) {
    return place.member(place.line(), place.column(), field);
  }

  private void identities() {
    Map<String, SignerText> expressions = new HashMap<>();
    for (SignerText signer : policy.signers().values()) {
      if (signer instanceof SignerText.Keyless keyless) {
        keyless.identity().ifPresent(identity -> identity(keyless, identity));
        keyless.identityRegexp().ifPresent(text -> expression(keyless, text));
        issuer(keyless);
        SignerText first =
            keyless.identityRegexp().isEmpty()
                ? null
                : expressions.putIfAbsent(keyless.identityRegexp().get(), signer);
        if (first != null) {
          warn(
              below(signer.place(), "sigstore.identity-regexp"),
              "the expression is that of the signer %s in line %d, too: whom it matches counts once"
                  .formatted(Printable.quote(first.name()), first.place().line()));
        }
      }
    }
  }

  private void identity(SignerText.Keyless signer, String identity) {
    if (identity.indexOf('*') >= 0) {
      warn(
          below(signer.place(), "sigstore.identity"),
          "the identity is compared exactly, with its '*'; for several, write 'identity-regexp'");
    }
  }

  private void issuer(SignerText.Keyless signer) {
    // Those of an instance of one's own may be others, and are compared exactly.
    if (!signer.issuer().startsWith("https://")) {
      warn(
          below(signer.place(), "sigstore.issuer"),
          "the issuer is no address with https://, as those of providers are, such as"
              + " https://accounts.google.com, so it probably matches no certificate");
    }
  }

  private void expression(SignerText.Keyless signer, String text) {
    Place place = below(signer.place(), "sigstore.identity-regexp");
    String start = text.substring(end(BEFORE, text));
    String host = start.substring(end(SCHEME, start));
    IdentityExpression expression = IdentityExpression.of(text);
    if (expression.matches("")) {
      warn(place, "the expression matches the empty text, and probably any identity");
    } else if (OPEN.matcher(start).lookingAt()) {
      warn(place, "the expression begins with any character, so it fixes no scheme and no host");
    } else if (host.length() < start.length() && OPEN.matcher(host).lookingAt()) {
      warn(place, "the expression fixes no host: others can have such an identity elsewhere");
    } else if (expression.hasDot()) {
      warn(place, "the expression has a dot that stands for any character; write \\. for a dot");
    }
  }

  private static int end(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.lookingAt() ? matcher.end() : 0;
  }

  private void coveredRules() {
    Map<String, ModelRule> earlier = new HashMap<>();
    List<ModelRule> wild = new ArrayList<>();
    for (ModelRule rule : policy.rules()) {
      ModelRule first = covering(rule, earlier, wild);
      if (first != null) {
        boolean weaker =
            first.mode() == ModelRule.Mode.WARN && rule.mode() == ModelRule.Mode.ENFORCE;
        warn(
            rule.place(),
            "the rule for %s never applies: the one for %s in line %d, which %s, comes first"
                .formatted(
                    Printable.quote(rule.match().text()),
                    Printable.quote(first.match().text()),
                    first.place().line(),
                    weaker ? "only warns" : "covers it"));
      }
      earlier.putIfAbsent(rule.match().text(), rule);
      if (wild.size() < MAX_COMPARED && rule.match().hasWildcards()) {
        wild.add(rule);
      }
    }
  }

  /**
   * The first rule that covers another one. Most are looked up by their text: the same pattern, and
   * {@code **} below any directory, so that a policy of thousands of rules is not compared rule by
   * rule.
   */
  private static @Nullable ModelRule covering(
      ModelRule rule, Map<String, ModelRule> earlier, List<ModelRule> wild) {
    String text = rule.match().text();
    List<String> candidates = new ArrayList<>(List.of(text, "**"));
    for (int i = text.indexOf('/'); i >= 0; i = text.indexOf('/', i + 1)) {
      candidates.add(text.substring(0, i + 1) + "**");
    }
    ModelRule first = null;
    for (String candidate : candidates) {
      first = earlier(first, earlier.get(candidate));
    }
    if (!rule.match().hasWildcards()) {
      for (ModelRule other : wild) {
        if (other.match().covers(rule.match())) {
          return earlier(first, other);
        }
      }
    }
    return first;
  }

  private static @Nullable ModelRule earlier(@Nullable ModelRule one, @Nullable ModelRule other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.number() <= other.number() ? one : other;
  }

  private void rule(ModelRule rule) {
    if (OTHER_WILDCARDS.matcher(rule.match().text()).find()) {
      warn(below(rule.place(), "match"), "brackets and braces stand for themselves in a pattern");
    }
    if (REFERENCE.matcher(rule.match().text()).find()) {
      warn(
          below(rule.place(), "match"),
          "this looks like a reference to a registry; a model there is named by its repository alone,"
              + " without host, tag and digest, so the rule probably never applies");
    }
    if (rule.mode() == ModelRule.Mode.WARN && rule.match().text().equals("**")) {
      warn(
          rule.place(),
          "every model that no rule before it is about is let through, with a warning; without"
              + " this rule it is refused");
    }
    if (rule.maxAge().isPresent() && rule.signatures().isPresent()) {
      SignatureRule signatures = rule.signatures().get();
      List<String> without = withoutTime(signatures.of());
      List<String> demanded = withoutTime(signatures.mustInclude());
      if (!demanded.isEmpty() || signatures.of().size() - without.size() < signatures.atLeast()) {
        unprovable(rule.maxAge().get(), demanded.isEmpty() ? without : demanded);
      }
    }
    for (AttestationRule attestation : rule.attestations()) {
      List<String> without = withoutTime(attestation.by());
      // A summary states its time, and its signer is trusted for that.
      if (attestation.maxAge().isPresent()
          && !attestation.type().equals(PredicateType.VSA)
          && without.size() == attestation.by().size()) {
        unprovable(attestation.maxAge().get(), without);
      }
      if (attestation.type().equals(PredicateType.SLSA)
          && attestation.conditions().stream().noneMatch(Condition.Builder.class::isInstance)) {
        warn(attestation.place(), "provenance by any builder is accepted; add 'builder'");
      }
      if (attestation.type().equals(PredicateType.TEST_RESULT)
          && attestation.conditions().isEmpty()) {
        warn(attestation.place(), "tests that failed are accepted too; add 'result: PASSED'");
      }
      if (attestation.conditions().stream()
          .anyMatch(one ->
              one instanceof Condition.Summary summary && summary.policyDigests().isEmpty())) {
        warn(
            attestation.place(),
            "a summary by any policy of this verifier is accepted; add 'policy-digest'");
      }
      if (attestation.type().equals(PredicateType.VULNS) && attestation.conditions().isEmpty()) {
        warn(attestation.place(), "any vulnerability is accepted; add 'severity', the highest");
      }
    }
  }

  /** An age counts only if a party proves the time, so such a rule is never met. */
  private void unprovable(Age age, List<String> names) {
    warn(
        age.place(),
        "max-age can never be met: nothing proves when "
            + String.join(", ", names.stream().map(Printable::quote).toList())
            + " signed; add 'timestamps' to "
            + (names.size() == 1 ? "this signer" : "these signers"));
  }

  private List<String> withoutTime(Collection<String> names) {
    return names.stream().filter(name -> !provesTime(policy.signers().get(name))).toList();
  }

  private static boolean provesTime(@Nullable SignerText signer) {
    if (signer instanceof SignerText.Key key) {
      return !key.timestamps().isEmpty();
    }
    if (signer instanceof SignerText.Certificate certificate) {
      return !certificate.timestamps().isEmpty();
    }
    return true;
  }
}
