package dev.modelsigning.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.CertException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.tsp.TimeStampToken;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PublicApiTest {

  /** Types of a library in every place that a signature has for types. */
  public abstract static class WithForeignTypes {
    public final List<X500Name> field = List.of();

    protected WithForeignTypes(X509CertificateHolder[] argument) {}

    public abstract void failing() throws CertException;

    public abstract <T extends TimeStampToken> Set<? super T> bounded();

    abstract X500Name hidden();
  }

  /** Signatures whose text is known. */
  public record Plain(String name, List<@Nullable Integer> sizes) {
    static final int HIDDEN = 1;

    @Deprecated
    public <T extends Comparable<T>> List<T> sort(Set<? extends T> values, T[] more)
        throws IOException {
      if (values.isEmpty()) {
        throw new IOException();
      }
      return List.of(more);
    }
  }

  @Test
  void findsForeignTypesInFieldsConstructorsThrownTypesAndTypeArguments() {
    assertThat(PublicApi.of(List.of(WithForeignTypes.class)).foreignTypes())
        .extracting(line -> line.substring(line.lastIndexOf('.') + 1))
        .containsExactlyInAnyOrder(
            "X500Name", "X509CertificateHolder", "CertException", "TimeStampToken");
  }

  @Test
  void writesOneLineForEachSignatureThatUsersSee() {
    assertThat(PublicApi.of(List.of(Plain.class)).toString())
        .isEqualTo(
            """
            package dev.modelsigning.testing

            public static final record PublicApiTest.Plain
              @Deprecated public <T extends Comparable<T>> List<T> sort(Set<? extends T>, T[]) throws IOException
              public List<@Nullable Integer> sizes()
              public PublicApiTest.Plain(String, List<@Nullable Integer>)
              public String name()

            """);
  }
}
