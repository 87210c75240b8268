package dev.modelsigning.internal.http;

/** The same for bodies over connections of their own, and those that turn out not to fit there. */
class OwnConnectionBodyTest extends StreamedBodyTest {

  @Override
  Request sent(Request request) {
    return request.overOwnConnection();
  }
}
