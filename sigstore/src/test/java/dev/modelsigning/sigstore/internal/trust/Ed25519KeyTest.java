package dev.modelsigning.sigstore.internal.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Bytes;
import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Ed25519KeyTest {

  /** The order of the subgroup (RFC 8032 5.1). */
  private static final BigInteger ORDER =
      BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));

  private static final String PREFIX = "302a300506032b6570032100";

  @Test
  void verifiesTheExamplesOfTheSpecification() throws Exception {
    // RFC 8032 7.1, tests 1 and 3.
    assertThat(
            key("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
                .hasSigned(
                    Bytes.of(new byte[0]),
                    hex(
                        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                            + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")))
        .isTrue();
    assertThat(
            key("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
                .hasSigned(
                    hex("af82"),
                    hex(
                        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                            + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")))
        .isTrue();
  }

  @Test
  void saysTheSameAsTheJdkOfEveryChangedOctet() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Ed25519Key key = Ed25519Key.of(pair.getPublic().getEncoded());
    byte[] message = {1, 2, 3};
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(pair.getPrivate());
    signer.update(message);
    byte[] signature = signer.sign();
    assertThat(key.hasSigned(Bytes.of(message), Bytes.of(signature))).isTrue();
    assertThat(key.hasSigned(Bytes.of(new byte[] {1, 2}), Bytes.of(signature))).isFalse();
    for (int i = 0; i < signature.length; i++) {
      byte[] changed = signature.clone();
      changed[i] ^= 0x40;
      assertThat(key.hasSigned(Bytes.of(message), Bytes.of(changed)))
          .as("octet %d", i)
          .isEqualTo(isSignature(pair.getPublic(), message, changed))
          .isFalse();
    }
  }

  @Test
  void refusesASignatureWhoseNumberIsNotReduced() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(pair.getPrivate());
    byte[] signature = signer.sign();
    byte[] reversed = new byte[33];
    for (int i = 0; i < 32; i++) {
      reversed[32 - i] = signature[32 + i];
    }
    byte[] sum = new BigInteger(1, reversed).add(ORDER).toByteArray();
    for (int i = 0; i < 32; i++) {
      signature[32 + i] = i < sum.length ? sum[sum.length - 1 - i] : 0;
    }
    assertThat(
            Ed25519Key.of(pair.getPublic().getEncoded())
                .hasSigned(Bytes.of(new byte[0]), Bytes.of(signature)))
        .isFalse();
  }

  /**
   * The holder of a log's key can make such signatures, of which clients would think differently.
   */
  @Test
  void refusesAPointWithAPartOfSmallOrderAsTheJdkDoes() throws Exception {
    byte[] message = {7};
    Edwards.Point base = Edwards.BASE;
    for (int i = 1; i <= 20; i++) {
      BigInteger secret = new BigInteger(250, new Random(i));
      BigInteger nonce = new BigInteger(250, new Random(-i));
      byte[] key = Edwards.encode(Edwards.multiply(base, secret));
      PublicKey ofJdk =
          KeyFactory.getInstance("Ed25519")
              .generatePublic(
                  new X509EncodedKeySpec(
                      HexFormat.of().parseHex(PREFIX + HexFormat.of().formatHex(key))));
      for (Edwards.Point part : List.of(Edwards.NEUTRAL, Edwards.OF_ORDER_2, Edwards.OF_ORDER_4)) {
        byte[] point = Edwards.encode(Edwards.add(Edwards.multiply(base, nonce), part));
        MessageDigest sha512 = MessageDigest.getInstance("SHA-512");
        sha512.update(point);
        sha512.update(key);
        BigInteger challenge = Edwards.number(sha512.digest(message)).mod(ORDER);
        BigInteger sum = nonce.add(challenge.multiply(secret)).mod(ORDER);
        byte[] signature = Arrays.copyOf(point, 64);
        System.arraycopy(Edwards.octets(sum), 0, signature, 32, 32);
        boolean isValid = part.equals(Edwards.NEUTRAL);
        assertThat(isSignature(ofJdk, message, signature)).as("JDK, %s", part).isEqualTo(isValid);
        assertThat(
                Ed25519Key.of(ofJdk.getEncoded()).hasSigned(Bytes.of(message), Bytes.of(signature)))
            .as("%s", part)
            .isEqualTo(isValid);
      }
    }
  }

  @Test
  void refusesSignaturesOfAnotherLength() throws Exception {
    Ed25519Key key = key("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    for (int length : new int[] {0, 1, 63, 65, 128}) {
      assertThat(key.hasSigned(Bytes.of(new byte[0]), Bytes.of(new byte[length])))
          .as("%d octets", length)
          .isFalse();
    }
  }

  @Test
  void refusesAKeyForAnotherAlgorithm() throws Exception {
    byte[] other = KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic().getEncoded();
    assertThatThrownBy(() -> Ed25519Key.of(other))
        .isInstanceOf(InvalidKeyException.class)
        .hasMessage("expected a key for Ed25519, found one for another algorithm");
  }

  @Test
  void isTheSameAsAnotherWithThisEncoding() throws Exception {
    String point = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    assertThat(key(point)).isEqualTo(key(point)).hasSameHashCodeAs(key(point));
    assertThat(key(point))
        .isNotEqualTo(key("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"));
    assertThat(key(point).getEncoded()).isEqualTo(HexFormat.of().parseHex(PREFIX + point));
  }

  private static boolean isSignature(PublicKey key, byte[] message, byte[] signature)
      throws Exception {
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(key);
    verifier.update(message);
    try {
      return verifier.verify(signature);
    } catch (SignatureException e) {
      return false;
    }
  }

  private static Ed25519Key key(String point) throws InvalidKeyException {
    return Ed25519Key.of(HexFormat.of().parseHex(PREFIX + point));
  }

  private static Bytes hex(String text) {
    return Bytes.of(HexFormat.of().parseHex(text));
  }
}
