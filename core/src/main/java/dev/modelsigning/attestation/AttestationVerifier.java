package dev.modelsigning.attestation;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.predicate.MalformedPredicateException;
import dev.modelsigning.predicate.PredicateType;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.CertificateIdentity;
import dev.modelsigning.signing.KeyIdentity;
import dev.modelsigning.signing.KeylessIdentity;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationTime;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.statement.AttestedStatement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Verifies attestations about models: those by the model's own signer count. A claim counts only
 * together with a verified signature of the model, as its digest does not bind the names of files.
 * Verifiers are immutable and may be used by several threads if their {@link BundleVerifier} may.
 */
public final class AttestationVerifier {

  private final BundleVerifier verifier;
  private final boolean timeRequired;
  private final boolean namesRequired;

  private AttestationVerifier(
      BundleVerifier verifier, boolean timeRequired, boolean namesRequired) {
    this.verifier = verifier;
    this.timeRequired = timeRequired;
    this.namesRequired = namesRequired;
  }

  /**
   * Returns a verifier of attestations.
   *
   * @param verifier whom to trust; used as {@link BundleVerifier#forAttestations} says
   */
  public static AttestationVerifier using(BundleVerifier verifier) {
    return new AttestationVerifier(verifier.forAttestations(), false, false);
  }

  /**
   * Returns a verifier for which only claims count whose time is proved by a time stamp or an entry
   * of a transparency log.
   */
  public AttestationVerifier requireTime() {
    return new AttestationVerifier(verifier, true, namesRequired);
  }

  /**
   * Returns a verifier for which only claims count that bind the names of the model's files
   * themselves, by the annotation {@value ModelSubject#NAMES_ANNOTATION}. Claims that other tools
   * wrote do not have it.
   */
  public AttestationVerifier requireNames() {
    return new AttestationVerifier(verifier, timeRequired, true);
  }

  /**
   * Verifies the claims about a model.
   *
   * @param model the model, whose signature was verified
   * @param files files with claims: one bundle on each line, or, if the name ends with {@code
   *     .json}, a single bundle
   * @param predicateType the type of predicate that is wanted
   * @return all that count, and why the others do not
   * @throws IOException if a file or a service cannot be reached, or a file is too large
   */
  public AttestationOutcome verify(
      VerifiedModel model, List<Path> files, PredicateType predicateType) throws IOException {
    return verifyAll(model, files.stream().map(ClaimSource::of).toList(), predicateType);
  }

  /**
   * Verifies the claims about a model, wherever they are.
   *
   * @param model the model, whose signature was verified
   * @param sources the claims
   * @param predicateType the type of predicate that is wanted
   * @return all that count, and why the others do not
   * @throws IOException if a source or a service cannot be reached, or a source is too large
   */
  public AttestationOutcome verifyAll(
      VerifiedModel model, List<ClaimSource> sources, PredicateType predicateType)
      throws IOException {
    Run run = new Run(model, predicateType);
    for (ClaimSource source : sources) {
      String file = source.location();
      source.read(
          new ClaimsFile.Sink() {
            @Override
            public void claim(long line, Bundle bundle) throws IOException {
              run.claim(file, line, bundle);
            }

            @Override
            public void malformed(long line, MalformedBundleException why) {
              run.refuse(file, line, malformedClaim(why));
            }
          });
    }
    return run.outcome();
  }

  private static Finding malformedClaim(MalformedBundleException why) {
    return Finding.of(Rules.MALFORMED_BUNDLE, String.valueOf(why.getMessage()));
  }

  /** One verification. */
  private final class Run {
    private final ModelSubject subject;
    private final SignerIdentity signer;
    private final PredicateType predicateType;

    /**
     * What counts, by the digest of the payload: the signer is the model's, and always the same.
     */
    private final Map<String, Counted> counted = new LinkedHashMap<>();

    private final Set<String> otherPayloads = new HashSet<>();
    private final Set<String> otherTypes = new TreeSet<>();
    private final List<RefusedClaim> refused = new ArrayList<>();
    private long moreRefused;
    private long otherModels;

    /** How many of the kept ones are about other models. */
    private int keptOfOtherModels;

    Run(VerifiedModel model, PredicateType predicateType) throws IOException {
      this.subject = ModelSubject.of(model);
      this.signer = model.signer();
      this.predicateType = predicateType;
    }

    void claim(String file, long line, Bundle bundle) throws IOException {
      try {
        VerifiedPayload verified = verifier.verify(bundle);
        // The statement may be relied on only now that the signature is verified.
        AttestedStatement statement = AttestedStatement.read(verified);
        requireSameSigner(signer, verified.signer());
        boolean namesBound = subject.require(statement);
        String payload = digest(verified);
        if (!predicateType.includes(statement.predicateType())) {
          otherPayloads.add(payload);
          if (otherTypes.size() < AttestationOutcome.MAX_TYPES) {
            otherTypes.add(statement.predicateType());
          }
          return;
        }
        if (namesRequired && !namesBound) {
          throw new RefusedClaimException(
              AttestationRules.CLAIM_NAMES_MISSING,
              "it has no digest of the file names ("
                  + ModelSubject.NAMES_ANNOTATION
                  + "), and that was asked for");
        }
        if (timeRequired && verified.times().stream().noneMatch(VerificationTime::isAttested)) {
          throw new RefusedClaimException(
              AttestationRules.CLAIM_TIME_NOT_PROVED, unproved(verified.findings()));
        }
        Counted before = counted.get(payload);
        if (before != null) {
          before.repeated(file, line);
          return;
        }
        List<Finding> findings = new ArrayList<>(verified.findings());
        if (!namesBound) {
          findings.add(
              Finding.of(
                  AttestationRules.CLAIM_NAMES_NOT_BOUND,
                  "it has no digest of the file names, which only the model's signature binds"));
        }
        findings.addAll(notes(statement));
        counted.put(
            payload,
            new Counted(
                new Attestation(
                    file,
                    line,
                    statement,
                    verified.signer(),
                    verified.times(),
                    namesBound,
                    0,
                    findings)));
      } catch (VerificationException e) {
        refuse(file, line, Finding.of(e.rule(), String.valueOf(e.getMessage())));
      } catch (MalformedBundleException e) {
        refuse(file, line, malformedClaim(e));
      } catch (RefusedClaimException e) {
        refuse(file, line, e.finding());
      }
    }

    void refuse(String file, long line, Finding why) {
      RefusedClaim claim = new RefusedClaim(file, line, why);
      if (claim.isAboutAnotherModel()) {
        otherModels++;
      }
      if (refused.size() < AttestationOutcome.MAX_REFUSED || makesRoom(claim)) {
        refused.add(claim);
        if (claim.isAboutAnotherModel()) {
          keptOfOtherModels++;
        }
      } else {
        moreRefused++;
      }
    }

    /**
     * Claims about other models may be many, and must not hide why one about this does not count.
     */
    private boolean makesRoom(RefusedClaim claim) {
      if (claim.isAboutAnotherModel() || keptOfOtherModels == 0) {
        return false;
      }
      int last = refused.size() - 1;
      while (!refused.get(last).isAboutAnotherModel()) {
        last--;
      }
      refused.remove(last);
      keptOfOtherModels--;
      moreRefused++;
      return true;
    }

    AttestationOutcome outcome() {
      return new AttestationOutcome(
          predicateType.uri(),
          subject,
          counted.values().stream().map(Counted::attestation).toList(),
          refused,
          moreRefused,
          otherModels,
          otherPayloads.size(),
          List.copyOf(otherTypes));
    }

    /** What is to be known about a statement that counts all the same. */
    private List<Finding> notes(AttestedStatement statement) {
      List<Finding> notes = new ArrayList<>();
      if (statement.form().equals(AttestedStatement.V01)) {
        notes.add(
            Finding.of(
                AttestationRules.CLAIM_OLD_FORM,
                "it is a statement of the older form, in-toto Statement v0.1"));
      }
      if (statement.predicate().isEmpty()) {
        notes.add(
            Finding.of(
                AttestationRules.CLAIM_NO_PREDICATE,
                "it has no predicate, so it states nothing beside its type"));
      } else {
        try {
          predicateType.require(statement.predicate().get().getBytes(StandardCharsets.UTF_8));
        } catch (MalformedPredicateException e) {
          notes.add(
              Finding.of(
                  AttestationRules.CLAIM_PREDICATE_FORM,
                  "it does not have the form of its type: " + e.getMessage()));
        }
      }
      return notes;
    }
  }

  private static String digest(VerifiedPayload verified) {
    return HexFormat.of()
        .formatHex(ModelSubject.sha256().digest(verified.payload().content().toArray()));
  }

  /**
   * An attestation that counts, however often it is there: whoever can write the file can repeat a
   * line of it, and sign nothing.
   */
  private static final class Counted {
    private final Attestation first;
    private long repeated;
    private String again = "";

    Counted(Attestation first) {
      this.first = first;
    }

    void repeated(String file, long line) {
      if (repeated == 0) {
        again = ClaimLines.place(file, line);
      }
      repeated++;
    }

    Attestation attestation() {
      if (repeated == 0) {
        return first;
      }
      List<Finding> findings = new ArrayList<>(first.findings());
      findings.add(
          Finding.of(
              AttestationRules.CLAIM_REPEATED,
              "the same statement by this signer is there again "
                  + (repeated == 1 ? "in " + again : repeated + " times, first in " + again)
                  + "; it counts once"));
      return new Attestation(
          first.file(),
          first.line(),
          first.statement(),
          first.signer(),
          first.times(),
          first.namesBound(),
          repeated,
          findings);
    }
  }

  /** Says that there is no proved time, and why the time stamps that there are prove none. */
  private static String unproved(List<Finding> findings) {
    String message = "no time stamp or log entry that is trusted proves when it was signed";
    return findings.stream()
        .filter(each -> each.rule().equals(Rules.TIMESTAMP_NOT_COUNTED))
        .map(each -> "; " + each.message())
        .limit(1)
        .reduce(message, String::concat);
  }

  private static void requireSameSigner(SignerIdentity model, SignerIdentity claim)
      throws RefusedClaimException {
    if (!isSame(model, claim)) {
      throw new RefusedClaimException(
          AttestationRules.CLAIM_OTHER_SIGNER,
          "it was signed by "
              + claim.name()
              + ", and the model by "
              + model.name()
              + (model.name().equals(claim.name()) ? " with another certificate" : ""));
    }
  }

  /**
   * Whether two verified signers are the same: the same key, the same certificate, or the same
   * identity at the same provider. A certificate with the same names need not be that of the same
   * owner: an authority can have two of a name, and there can be two authorities of a name.
   */
  static boolean isSame(SignerIdentity one, SignerIdentity other) {
    if (one instanceof KeyIdentity key) {
      return other instanceof KeyIdentity second && key.fingerprint().equals(second.fingerprint());
    }
    if (one instanceof KeylessIdentity keyless) {
      return other instanceof KeylessIdentity second
          && keyless.identity().equals(second.identity())
          && keyless.provider().equals(second.provider());
    }
    if (one instanceof CertificateIdentity owner) {
      return other instanceof CertificateIdentity second
          && owner.certificate().fingerprint().equals(second.certificate().fingerprint());
    }
    return one.equals(other);
  }
}
