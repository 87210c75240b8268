/**
 * The signing method {@code certificate}: an elliptic-curve key with an X.509 certificate that
 * identifies its owner (OMS 4.1, 8.2; RFC 5280).
 *
 * <pre>{@code
 * ModelSigner.using(CertificateSigner.load(Path.of("key.pem"), Path.of("cert.pem")))
 *     .sign(model, signature);
 * ModelVerifier.using(CertificateVerifier.load(Path.of("ca.pem"), "release@bank.example"))
 *     .verify(model, signature);
 * }</pre>
 *
 * <p>With these settings the certificate must be valid now, and revocation is not checked. With
 * time stamps, a signature can be verified after its certificate has expired:
 *
 * <pre>{@code
 * CertificateVerifier verifier =
 *     CertificateVerifier.builder()
 *         .trust(Path.of("ca.pem"))
 *         .identity("release@bank.example")
 *         .checkRevocationOnline(true)
 *         .timestamps(TimestampVerifier.load(List.of(Path.of("tsa.pem"))))
 *         .build();
 * ModelVerifier.using(verifier).verify(model, signature);
 * }</pre>
 */
@NullMarked
package dev.modelsigning.certificate;

import org.jspecify.annotations.NullMarked;
