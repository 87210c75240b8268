package dev.modelsigning.sigstore.identity;

import java.io.IOException;
import java.net.URI;

/** Talks to the user who signs in with an identity provider. This is an extension point. */
public interface SignInDialog {

  /**
   * Shows where to sign in, and may open a browser there. Returns at once: the user then signs in.
   *
   * @param address the address; whoever sees it can sign in in the user's stead, and no more
   */
  void show(URI address) throws IOException;

  /**
   * Asks for the code that the identity provider showed the user. Only called for a sign-in out of
   * band, where no browser can reach this program.
   *
   * @return the code as the user typed it
   */
  String code() throws IOException;
}
