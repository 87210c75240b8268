package dev.modelsigning.policy.internal.check;

import dev.modelsigning.attestation.ClaimsFile;
import dev.modelsigning.attestation.ModelSubject;
import dev.modelsigning.attestation.RefusedClaimException;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.policy.internal.rules.AttestationRule;
import dev.modelsigning.policy.internal.signer.PolicySigner;
import dev.modelsigning.policy.internal.signer.UnusableSignerException;
import dev.modelsigning.policy.result.CheckedClaim;
import dev.modelsigning.report.FailureMessage;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.statement.AttestedStatement;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Verifies the claims in files: by whom they are, and whether they are about the model. */
final class Claims implements ClaimsFile.Sink {

  /** The largest number of claims that are listed. */
  static final int MAX_LISTED = 1_000;

  /** So many may say the same, such as with and without a time stamp. */
  static final int MAX_REPEATED = 8;

  /** The largest number of claims about the model that are kept. */
  static final int MAX_CLAIMS = 10_000;

  private final Map<String, Integer> seen = new HashMap<>();
  private final List<ModelSubject> subjects;
  private final Collection<AttestationRule> rules;
  private final List<PolicySigner> signers;
  private final Map<String, String> unusable;
  private final List<Claim> claims = new ArrayList<>();
  private final List<CheckedClaim> refused = new ArrayList<>();
  private final List<String> unreadable = new ArrayList<>();
  private long moreRefused;
  private Path file = Path.of("");

  /**
   * A claim about the model by somebody in the policy, of a type that a rule asks for.
   *
   * @param payloads the verified payload for each signer of the policy whose claim it is, by name
   * @param namesBound whether it binds the names of the files
   */
  record Claim(
      Path file,
      long line,
      AttestedStatement statement,
      Map<String, VerifiedPayload> payloads,
      boolean namesBound) {

    String place() {
      return file + ":" + line;
    }
  }

  private Claims(
      List<ModelSubject> subjects,
      Collection<AttestationRule> rules,
      List<PolicySigner> signers,
      Map<String, String> unusable) {
    this.subjects = subjects;
    this.rules = rules;
    this.signers = signers;
    this.unusable = unusable;
  }

  /**
   * Verifies the claims in files.
   *
   * @param files the claims files
   * @param subjects the model, as the signatures that count have it
   * @param rules what must be attested
   * @param signers all signers of the policy, by name
   * @param unusable receives the signers whose trust files cannot be used
   */
  static Claims read(
      Collection<Path> files,
      List<ModelSubject> subjects,
      Collection<AttestationRule> rules,
      Map<String, PolicySigner> signers,
      Map<String, String> unusable) {
    Set<String> names = new LinkedHashSet<>();
    rules.forEach(rule -> names.addAll(rule.by()));
    Claims all =
        new Claims(
            subjects,
            rules,
            signers.values().stream().filter(one -> names.contains(one.name())).toList(),
            unusable);
    for (Path file : files) {
      all.file = file;
      try {
        ClaimsFile.read(file, all);
      } catch (IOException e) {
        all.unreadable.add(FailureMessage.of(e));
      }
    }
    return all;
  }

  /** Those that may count. */
  List<Claim> claims() {
    return claims;
  }

  /** Those that count for nothing, with the reason for each. */
  List<CheckedClaim> refused() {
    return refused;
  }

  /** How many more of these there are. */
  long moreRefused() {
    return moreRefused;
  }

  /** Why files cannot be read. */
  List<String> unreadable() {
    return unreadable;
  }

  @Override
  public void malformed(long line, MalformedBundleException why) {
    refuse(line, "", List.of(), String.valueOf(why.getMessage()));
  }

  @Override
  public void claim(long line, Bundle bundle) {
    if (seen.merge(digest(bundle), 1, Integer::sum) > MAX_REPEATED) {
      refuse(line, "", List.of(), "it repeats a claim that is there " + MAX_REPEATED + " times");
      return;
    }
    if (claims.size() == MAX_CLAIMS) {
      refuse(line, "", List.of(), "more than " + MAX_CLAIMS + " claims are not looked at");
      return;
    }
    Map<String, VerifiedPayload> payloads = new LinkedHashMap<>();
    List<String> reasons = new ArrayList<>();
    for (PolicySigner signer : signers) {
      if (!signer.hasMethodOf(bundle)) {
        continue;
      }
      try {
        payloads.put(signer.name(), signer.verifyAttestation(bundle));
      } catch (UnusableSignerException e) {
        unusable.put(signer.name(), String.valueOf(e.getMessage()));
        reasons.add(signer.name() + ": " + e.getMessage());
      } catch (VerificationException e) {
        if (e.reason() != Reason.WRONG_KEY && e.reason() != Reason.WRONG_IDENTITY) {
          reasons.add(signer.name() + ": " + e.getMessage());
        }
      } catch (MalformedBundleException | IOException e) {
        reasons.add(signer.name() + ": " + FailureMessage.of(e));
      }
    }
    if (payloads.isEmpty()) {
      refuse(
          line,
          "",
          List.of(),
          reasons.isEmpty()
              ? "nobody who may attest something signed it"
              : "nobody who may attest something is known to have signed it: "
                  + String.join("; ", reasons));
      return;
    }
    List<String> names = List.copyOf(payloads.keySet());
    AttestedStatement statement;
    try {
      // The statement may be relied on only now that the signature is verified.
      statement = AttestedStatement.read(payloads.values().iterator().next());
    } catch (MalformedBundleException e) {
      refuse(line, "", names, String.valueOf(e.getMessage()));
      return;
    }
    String type = statement.predicateType();
    if (rules.stream().noneMatch(rule -> rule.type().includes(type))) {
      refuse(line, type, names, "the policy does not ask for this type");
      return;
    }
    try {
      claims.add(new Claim(file, line, statement, payloads, requireSubject(statement)));
    } catch (RefusedClaimException e) {
      refuse(line, type, names, e.finding().message());
    }
  }

  private boolean requireSubject(AttestedStatement statement) throws RefusedClaimException {
    RefusedClaimException refusal = null;
    for (ModelSubject subject : subjects) {
      try {
        return subject.require(statement);
      } catch (RefusedClaimException e) {
        refusal = e;
      }
    }
    if (refusal == null) {
      throw new IllegalStateException("claims are verified after the model only");
    }
    throw refusal;
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

  private void refuse(long line, String type, List<String> names, String why) {
    if (refused.size() < MAX_LISTED) {
      refused.add(new CheckedClaim(file, line, type, names, false, why));
    } else {
      moreRefused++;
    }
  }
}
