package dev.modelsigning.policy.internal.signer;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.PublicKeyIdentifier;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.policy.internal.rules.SignerText;
import dev.modelsigning.report.FailureMessage;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.signingkey.VerifyingKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The signers of a policy during one verification, who are asked for each signature and claim
 * whether it is theirs. One whose trust files cannot be used is not opened again until the next
 * verification.
 */
public final class AskedSigners {

  private static final int MOST_NAMED = 3;

  private final Map<String, PolicySigner> signers;
  private final Map<String, String> unusable = new LinkedHashMap<>();

  /**
   * Creates signers for one verification.
   *
   * @param signers all signers of the policy, by name
   */
  public AskedSigners(Map<String, PolicySigner> signers) {
    this.signers = signers;
  }

  /**
   * Whose a bundle is.
   *
   * @param payloads the verified payload for each signer whose it is, by name
   * @param unknown for each signer of whom that cannot be said, why: the signature is not valid, or
   *     the trust cannot be used
   * @param others for each signer of the same method whose it is not, who is expected and who it is
   * @param named the key that the bundle names, as text for people. Nobody verified it
   */
  public record Answer(
      Map<String, VerifiedPayload> payloads,
      Map<String, String> unknown,
      Map<String, String> others,
      Optional<String> named) {

    /** Copies the maps and keeps their order. */
    public Answer {
      payloads = Collections.unmodifiableMap(new LinkedHashMap<>(payloads));
      unknown = Collections.unmodifiableMap(new LinkedHashMap<>(unknown));
      others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
    }

    /** The payload, by the first of its signers; there must be one. */
    public VerifiedPayload payload() {
      return payloads.values().iterator().next();
    }

    /**
     * Why it is nobody's.
     *
     * @param whom who was asked, such as "nobody in the policy"
     */
    public String why(String whom) {
      if (!unknown.isEmpty()) {
        List<String> reasons = new ArrayList<>();
        unknown.forEach((name, why) -> reasons.add(name + ": " + why));
        int more = reasons.size() - MOST_NAMED;
        return whom
            + " is known to have signed it: "
            + String.join("; ", reasons.subList(0, Math.min(reasons.size(), MOST_NAMED)))
            + (more > 0 ? "; and " + more + " more" : "");
      }
      if (others.isEmpty()) {
        return whom + " signs by its method";
      }
      if (named.isPresent()) {
        return whom + " signed it; it names the key " + named.get();
      }
      // The signers that the rule asks for come first.
      return whom
          + " signed it"
          + others.entrySet().stream()
              .findFirst()
              .map(one -> "; " + one.getKey() + ": " + one.getValue())
              .orElse("");
    }
  }

  /**
   * Finds who signed a model.
   *
   * @param bundle the bundle
   * @param needed the names of those of whom the rule speaks. The others are asked only if it is
   *     none of these
   */
  public Answer whoSigned(Bundle bundle, Set<String> needed) {
    List<PolicySigner> first = new ArrayList<>();
    List<PolicySigner> others = new ArrayList<>();
    for (PolicySigner signer : signers.values()) {
      if (signer.hasMethodOf(bundle)) {
        (needed.contains(signer.name()) ? first : others).add(signer);
      }
    }
    Asking asking = new Asking(bundle);
    first.forEach(signer -> asking.ask(signer, PolicySigner::verify));
    for (PolicySigner signer : others) {
      if (!asking.payloads.isEmpty()) {
        break;
      }
      asking.ask(signer, PolicySigner::verify);
    }
    return asking.answer();
  }

  /**
   * Finds who attested something.
   *
   * @param bundle the bundle
   * @param by the names of those who are asked
   */
  public Answer whoAttested(Bundle bundle, Collection<String> by) {
    Asking asking = new Asking(bundle);
    for (PolicySigner signer : signers.values()) {
      if (by.contains(signer.name()) && signer.hasMethodOf(bundle)) {
        asking.ask(signer, PolicySigner::verifyAttestation);
      }
    }
    return asking.answer();
  }

  /** The signers whose trust files cannot be used, with the reasons, by name. */
  public Map<String, String> unusable() {
    return Collections.unmodifiableMap(unusable);
  }

  /**
   * The fingerprints by which the policy names a signer: SHA-256 in lower-case hexadecimal; empty
   * if it is named in another way, or its trust files cannot be used.
   */
  public List<String> fingerprints(String name) {
    PolicySigner signer = signers.get(name);
    if (signer == null || unusable.containsKey(name)) {
      return List.of();
    }
    try {
      return signer.fingerprints();
    } catch (UnusableSignerException e) {
      unusable.put(name, String.valueOf(e.getMessage()));
      return List.of();
    }
  }

  /** The fingerprint of the key of a signer; empty if it has none, or it cannot be used. */
  public Optional<String> key(String name) {
    PolicySigner signer = signers.get(name);
    return signer != null && signer.text() instanceof SignerText.Key
        ? fingerprints(name).stream().findFirst()
        : Optional.empty();
  }

  /** Whether a log proves when a signer signed, so for keyless ones; others need a time stamp. */
  public boolean hasLog(String name) {
    PolicySigner signer = signers.get(name);
    return signer != null && signer.text() instanceof SignerText.Keyless;
  }

  /**
   * The names of the schemes of the keys of a signer; empty if it is none with keys, or cannot be
   * used.
   */
  public Optional<Set<String>> schemes(String name) {
    PolicySigner signer = signers.get(name);
    if (signer == null || !(signer.text() instanceof SignerText.Key)) {
      return Optional.empty();
    }
    try {
      return Optional.of(signer.schemes());
    } catch (UnusableSignerException e) {
      unusable.put(name, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  @FunctionalInterface
  private interface Verification {
    VerifiedPayload verify(PolicySigner signer, Bundle bundle)
        throws VerificationException,
            MalformedBundleException,
            UnusableSignerException,
            IOException;
  }

  /** One bundle, about which signers are asked. */
  private final class Asking {
    private final Bundle bundle;
    private final Map<String, VerifiedPayload> payloads = new LinkedHashMap<>();
    private final Map<String, String> unknown = new LinkedHashMap<>();
    private final Map<String, String> others = new LinkedHashMap<>();

    Asking(Bundle bundle) {
      this.bundle = bundle;
    }

    void ask(PolicySigner signer, Verification method) {
      String name = signer.name();
      if (unusable.containsKey(name)) {
        unknown.put(name, String.valueOf(unusable.get(name)));
        return;
      }
      try {
        payloads.put(name, method.verify(signer, bundle));
      } catch (UnusableSignerException e) {
        unusable.put(name, String.valueOf(e.getMessage()));
        unknown.put(name, String.valueOf(e.getMessage()));
      } catch (VerificationException e) {
        boolean other = e.reason() == Reason.WRONG_KEY || e.reason() == Reason.WRONG_IDENTITY;
        (other ? others : unknown).put(name, String.valueOf(e.getMessage()));
      } catch (MalformedBundleException | IOException e) {
        unknown.put(name, FailureMessage.of(e));
      }
    }

    Answer answer() {
      Optional<String> named =
          bundle.verificationMaterial() instanceof PublicKeyIdentifier key
              ? VerifyingKey.claimedFingerprint(key)
                  .map(text -> Printable.quote(Printable.brief(text)))
              : Optional.empty();
      return new Answer(payloads, unknown, others, named);
    }
  }
}
