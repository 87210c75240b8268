package dev.modelsigning.policy.internal.claim;

import dev.modelsigning.attestation.ClaimSource;
import dev.modelsigning.attestation.ClaimsFile;
import dev.modelsigning.attestation.ModelSubject;
import dev.modelsigning.attestation.RefusedClaimException;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.policy.internal.claim.Claims.Refused;
import dev.modelsigning.policy.internal.rules.AttestationRule;
import dev.modelsigning.policy.internal.signer.AskedSigners;
import dev.modelsigning.policy.result.CheckedClaim;
import dev.modelsigning.report.FailureMessage;
import dev.modelsigning.statement.AttestedStatement;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads and verifies claims, once for a model. */
final class ClaimReader implements ClaimsFile.Sink {

  /** The largest number of claims that are listed. */
  static final int MAX_LISTED = 1_000;

  /** So many may say the same, such as with and without a time stamp. */
  static final int MAX_REPEATED = 8;

  /** The largest number of claims about the model that are kept. */
  static final int MAX_CLAIMS = 10_000;

  private final int most;
  private final Map<String, Integer> seen = new HashMap<>();
  private final Collection<ModelSubject> subjects;
  private final Collection<AttestationRule> rules;
  private final AskedSigners signers;
  private final Set<String> names = new LinkedHashSet<>();

  private final List<Claim> claims = new ArrayList<>();
  private final List<Refused> refused = new ArrayList<>();
  private final List<String> unreadable = new ArrayList<>();
  private long moreRefused;
  private String file = "";

  private ClaimReader(
      Collection<ModelSubject> subjects,
      Collection<AttestationRule> rules,
      AskedSigners signers,
      int most) {
    this.most = most;
    this.subjects = subjects;
    this.rules = rules;
    this.signers = signers;
    rules.forEach(rule -> names.addAll(rule.by()));
  }

  /**
   * Verifies claims.
   *
   * @param sources the claims
   * @param subjects the model, as its signatures have it
   * @param rules what must be attested
   * @param signers the signers of the policy
   */
  static Claims read(
      Collection<ClaimSource> sources,
      Collection<ModelSubject> subjects,
      Collection<AttestationRule> rules,
      AskedSigners signers) {
    return read(sources, subjects, rules, signers, MAX_CLAIMS);
  }

  /** The same with another limit. */
  static Claims read(
      Collection<ClaimSource> sources,
      Collection<ModelSubject> subjects,
      Collection<AttestationRule> rules,
      AskedSigners signers,
      int most) {
    ClaimReader all = new ClaimReader(subjects, rules, signers, most);
    for (ClaimSource source : sources) {
      all.file = source.location();
      try {
        source.read(all);
      } catch (IOException e) {
        all.unreadable.add(FailureMessage.of(e));
      }
    }
    return new Claims(all.claims, all.refused, all.moreRefused, all.unreadable);
  }

  @Override
  public void malformed(long line, MalformedBundleException why) {
    refuse(line, "", List.of(), Set.of(), String.valueOf(why.getMessage()));
  }

  @Override
  public void claim(long line, Bundle bundle) {
    if (seen.merge(digest(bundle), 1, Integer::sum) > MAX_REPEATED) {
      refuse(
          line,
          "",
          List.of(),
          Set.of(),
          "it repeats a claim that is there " + MAX_REPEATED + " times");
      return;
    }
    if (claims.size() == most) {
      refuse(
          line,
          "",
          List.of(),
          Set.of(),
          "more than " + most + " claims about the model are not looked at");
      return;
    }
    AskedSigners.Answer by = signers.whoAttested(bundle, names);
    if (by.payloads().isEmpty()) {
      refuse(line, "", List.of(), by.unknown().keySet(), by.why("nobody who may attest something"));
      return;
    }
    List<String> known = List.copyOf(by.payloads().keySet());
    AttestedStatement statement;
    try {
      // The statement may be relied on only now that the signature is verified.
      statement = AttestedStatement.read(by.payload());
    } catch (MalformedBundleException e) {
      refuse(line, "", known, by.payloads().keySet(), String.valueOf(e.getMessage()));
      return;
    }
    String type = statement.predicateType();
    if (rules.stream().noneMatch(rule -> rule.type().includes(type))) {
      refuse(line, type, known, Set.of(), "the policy does not ask for this type");
      return;
    }
    Claim claim = new Claim(claims.size(), file, line, statement, by.payloads());
    try {
      claim.requireAbout(subjects);
      claims.add(claim);
    } catch (RefusedClaimException e) {
      refuse(line, type, known, Set.of(), e.finding().message());
    }
  }

  /**
   * What it says, and by which signature: whoever repeats it with other time stamps must not have
   * all of them verified, and forgeries must not take its place.
   */
  private static String digest(Bundle bundle) {
    try {
      MessageDigest function = MessageDigest.getInstance("SHA-256");
      function.update(bundle.envelope().signature().toArray());
      return HexFormat.of().formatHex(bundle.envelope().payload().content().digest(function));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private void refuse(long line, String type, List<String> names, Set<String> maybe, String why) {
    if (refused.size() < MAX_LISTED) {
      refused.add(
          new Refused(new CheckedClaim(file, line, type, names, false, why), Set.copyOf(maybe)));
    } else {
      moreRefused++;
    }
  }
}
