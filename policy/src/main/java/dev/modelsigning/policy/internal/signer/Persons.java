package dev.modelsigning.policy.internal.signer;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.VerificationMaterial;
import dev.modelsigning.signing.CertificateIdentity;
import dev.modelsigning.signing.KeyIdentity;
import dev.modelsigning.signing.KeylessIdentity;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.SubjectName;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.signingkey.VerifyingKey;
import java.io.ByteArrayInputStream;
import java.security.InvalidKeyException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Counts how many different persons signed. A policy may name one person twice: by two expressions
 * for an identity, by a key and a certificate over it, by one key under two names. Whatever is
 * known to be one person counts once: whoever has one key, or one name in certificates, whatever
 * authority or provider states it. That may count two people of the same name once, which refuses
 * too much and never too little.
 */
public final class Persons {

  /** The representative of each property, such as a key, that is known to belong to a person. */
  private final Map<String, String> parents = new HashMap<>();

  /** By name of the signer in the policy, a property of each who signed in this name. */
  private final Map<String, Set<String>> properties = new LinkedHashMap<>();

  /**
   * Adds a signature.
   *
   * @param signer the name in the policy that it counts for
   * @param payload the verified payload
   * @param bundle the bundle
   */
  public void add(String signer, VerifiedPayload payload, Bundle bundle) {
    List<String> known = properties(payload.signer(), bundle);
    known.forEach(each -> join(known.get(0), each));
    Set<String> before = properties.computeIfAbsent(signer, name -> new LinkedHashSet<>());
    if (payload.signer() instanceof KeyIdentity) {
      // A signer can have several keys, all of one person; other names can stand for many people.
      before.forEach(each -> join(known.get(0), each));
    }
    before.add(known.get(0));
  }

  private static List<String> properties(SignerIdentity signer, Bundle bundle) {
    List<String> known = new ArrayList<>();
    if (signer instanceof KeyIdentity key) {
      known.add("key:" + key.fingerprint());
    } else if (signer instanceof CertificateIdentity owner) {
      known.add("key:" + keyOfCertificate(bundle));
      for (SubjectName name : owner.names()) {
        known.add(name(name.value()));
      }
      // Also beside other names: a policy may name one person by either.
      if (!owner.certificate().subject().isEmpty()) {
        known.add(name(owner.certificate().subject()));
      }
    } else if (signer instanceof KeylessIdentity keyless) {
      known.add(name(keyless.identity()));
    } else {
      known.add("other:" + signer.method() + ":" + signer.name());
    }
    return known;
  }

  private static String name(String name) {
    return "name:" + name.toLowerCase(Locale.ROOT);
  }

  /** The fingerprint of the signer's key, for bundles whose signature was verified with it. */
  private static String keyOfCertificate(Bundle bundle) {
    VerificationMaterial material = bundle.verificationMaterial();
    Bytes certificate;
    if (material instanceof VerificationMaterial.X509CertificateChain chain) {
      certificate = chain.certificates().get(0);
    } else if (material instanceof VerificationMaterial.X509Certificate single) {
      certificate = single.rawBytes();
    } else {
      throw new IllegalStateException("a certificate was verified, and there is none");
    }
    try {
      X509Certificate read =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(certificate.toArray()));
      return VerifyingKey.of(read.getPublicKey()).fingerprint();
    } catch (CertificateException | InvalidKeyException e) {
      throw new IllegalStateException("the key of a certificate that was verified", e);
    }
  }

  private String root(String property) {
    String at = property;
    while (true) {
      String up = parents.getOrDefault(at, at);
      if (up.equals(at)) {
        return at;
      }
      at = up;
    }
  }

  private void join(String one, String other) {
    parents.putIfAbsent(one, one);
    parents.putIfAbsent(other, other);
    parents.put(root(other), root(one));
  }

  /**
   * Chooses signers of whom each is another person, as many as possible.
   *
   * @param first the names that come first: as many of these are chosen as possible
   * @return the chosen names: those that come first, then in the order in which they were added
   */
  public Set<String> choose(Collection<String> first) {
    List<String> names = new ArrayList<>();
    first.stream().filter(properties::containsKey).forEach(names::add);
    properties.keySet().stream().filter(name -> !first.contains(name)).forEach(names::add);
    // Augmenting paths: who is matched stays matched, so the first names are never given up.
    Map<String, String> chosen = new HashMap<>();
    for (String name : names) {
      augment(name, chosen, new HashSet<>());
    }
    // Not in the order of hashes, as what is shown would be another each time.
    names.retainAll(chosen.values());
    return new LinkedHashSet<>(names);
  }

  private boolean augment(String name, Map<String, String> chosen, Set<String> visited) {
    for (String property : properties.getOrDefault(name, Set.of())) {
      String person = root(property);
      if (!visited.add(person)) {
        continue;
      }
      String holder = chosen.get(person);
      if (holder == null || augment(holder, chosen, visited)) {
        chosen.put(person, name);
        return true;
      }
    }
    return false;
  }
}
