package dev.modelsigning.internal.pkix;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.x509.Extension;
import org.jspecify.annotations.Nullable;

/**
 * Limits for costs of path validation that are not linear in the length of the path: the policy
 * tree, which can be multiplied by every certificate with policy mappings (RFC 5280 6.1.2), and
 * name constraints, each of which is compared with every name.
 */
final class PathBounds {

  /**
   * The largest size of the policy tree. Bridges between public authorities need about 50 nodes.
   */
  private static final long MAX_POLICY_NODES = 1000;

  /** The largest number of comparisons of names with name constraints. */
  private static final long MAX_NAME_COMPARISONS = 100_000;

  private PathBounds() {}

  /**
   * Requires that the cost of validating a path is within the limits.
   *
   * @throws UntrustedCertificateException if it is not
   */
  static void require(CertificationPath path) throws UntrustedCertificateException {
    long nodes = 1;
    long names = 0;
    long constraints = 1;
    List<X509Certificate> all = path.withAnchor();
    for (int i = all.size() - 1; i >= 0; i--) {
      X509Certificate certificate = all.get(i);
      try {
        nodes =
            Math.max(nodes, 1) * Math.max(1, fanOut(certificate))
                + elements(extension(certificate, Extension.certificatePolicies.getId()));
        names += 2 + elements(extension(certificate, Extension.subjectAlternativeName.getId()));
        constraints += subtrees(extension(certificate, Extension.nameConstraints.getId()));
      } catch (IOException | RuntimeException e) {
        throw new UntrustedCertificateException(
            "an extension of the certificate " + Certificates.name(certificate) + " is damaged", e);
      }
      if (nodes > MAX_POLICY_NODES) {
        throw new UntrustedCertificateException(
            "the certificate policies and policy mappings of "
                + Certificates.name(certificate)
                + " and those above it are too many: they make a tree of more than "
                + MAX_POLICY_NODES
                + " nodes");
      }
      if (names * constraints > MAX_NAME_COMPARISONS) {
        throw new UntrustedCertificateException(
            "the names of "
                + Certificates.name(certificate)
                + " and those above it, and their name constraints, are too many: they need more"
                + " than "
                + MAX_NAME_COMPARISONS
                + " comparisons");
      }
    }
  }

  /** The largest number of policies to which a certificate maps a single one. */
  private static long fanOut(X509Certificate certificate) throws IOException {
    ASN1Object mappings = extension(certificate, Extension.policyMappings.getId());
    if (mappings == null) {
      return 1;
    }
    Map<ASN1Encodable, Long> targets = new HashMap<>();
    for (ASN1Encodable mapping : ASN1Sequence.getInstance(mappings)) {
      targets.merge(ASN1Sequence.getInstance(mapping).getObjectAt(0), 1L, Long::sum);
    }
    return targets.values().stream().mapToLong(Long::longValue).max().orElse(1);
  }

  private static long subtrees(@Nullable ASN1Object constraints) {
    if (constraints == null) {
      return 0;
    }
    long count = 0;
    for (ASN1Encodable list : ASN1Sequence.getInstance(constraints)) {
      count += ASN1Sequence.getInstance(ASN1TaggedObject.getInstance(list), false).size();
    }
    return count;
  }

  private static long elements(@Nullable ASN1Object sequence) {
    return sequence == null ? 0 : ASN1Sequence.getInstance(sequence).size();
  }

  private static @Nullable ASN1Object extension(X509Certificate certificate, String identifier)
      throws IOException {
    byte[] value = certificate.getExtensionValue(identifier);
    return value == null
        ? null
        : ASN1Primitive.fromByteArray(ASN1OctetString.getInstance(value).getOctets());
  }
}
