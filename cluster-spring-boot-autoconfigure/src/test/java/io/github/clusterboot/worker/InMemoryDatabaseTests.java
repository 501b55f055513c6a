package io.github.clusterboot.worker;

import java.net.URL;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

/**
 * Tests for {@link InMemoryDatabase}.
 */
class InMemoryDatabaseTests {

	@ParameterizedTest
	@CsvSource({ "jdbc:h2:mem:test;DB_CLOSE_DELAY=-1;PASSWORD=secret, jdbc:h2:mem:test", "jdbc:h2:mem:, jdbc:h2:mem:",
			"JDBC:H2:MEM:test, JDBC:H2:MEM:test", "jdbc:h2:nioMemFS:test, jdbc:h2:nioMemFS:test",
			"jdbc:hsqldb:mem:test, jdbc:hsqldb:mem:test", "jdbc:hsqldb:., jdbc:hsqldb:.",
			"jdbc:derby:memory:test;create=true, jdbc:derby:memory:test",
			"jdbc:sqlite:file::memory:?cache=shared, jdbc:sqlite:file::memory:",
			"jdbc:p6spy:h2:mem:test, jdbc:p6spy:h2:mem:test" })
	void findWhenUrlIsOfMemoryReturnsItWithoutParameters(String url, String expected) {
		assertThat(find(new UrlDataSource(url))).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:h2:file:./data", "jdbc:h2:./mem", "jdbc:h2:tcp://host/mem:test",
			"jdbc:hsqldb:hsql://host/test", "jdbc:hsqldb:file:test", "jdbc:derby:test;create=true",
			"jdbc:derby://host/memory:test", "jdbc:sqlite:test.db", "jdbc:postgresql://host/mem",
			"jdbc:mysql://host/h2:mem:" })
	void findWhenDatabaseIsElsewhereReturnsNull(String url) {
		assertThat(find(new UrlDataSource(url))).isNull();
	}

	@Test
	void findWhenThereIsNoDataSourceReturnsNull() {
		assertThat(find()).isNull();
	}

	@Test
	void findWhenOneOfSeveralIsOfMemoryReturnsIt() {
		assertThat(find(new UrlDataSource("jdbc:postgresql://host/a"), new UrlDataSource("jdbc:h2:mem:b")))
			.isEqualTo("jdbc:h2:mem:b");
	}

	@Test
	void findWhenParentHasItReturnsIt() {
		try (GenericApplicationContext parent = context(new UrlDataSource("jdbc:h2:mem:b"));
				GenericApplicationContext child = new GenericApplicationContext(parent)) {
			child.refresh();
			assertThat(InMemoryDatabase.find(child)).isEqualTo("jdbc:h2:mem:b");
		}
	}

	/**
	 * No driver of such a database is on the class path of this test.
	 */
	@Test
	void findWhenNoDriverIsThereOpensNoConnection() {
		DataSource pool = mock(DataSource.class);
		assertThat(find(pool)).isNull();
		verifyNoInteractions(pool);
	}

	@Test
	void findWhenOnlyAConnectionTellsTheUrlBorrowsOne() throws SQLException {
		Connection connection = mock(Connection.class, Mockito.RETURNS_DEEP_STUBS);
		given(connection.getMetaData().getURL()).willReturn("jdbc:h2:mem:test");
		DataSource pool = mock(DataSource.class);
		given(pool.getConnection()).willReturn(connection);
		assertThat(findWithDriver(pool)).isEqualTo("jdbc:h2:mem:test");
		verify(pool).getConnection();
		verify(connection).close();
	}

	@Test
	void findWhenConnectionIsRefusedReturnsNull() throws SQLException {
		DataSource pool = mock(DataSource.class);
		given(pool.getConnection()).willThrow(new SQLException("no"));
		assertThat(findWithDriver(pool)).isNull();
	}

	/**
	 * A pool whose connections are all in use, or whose database does not answer.
	 */
	@Test
	@Timeout(60)
	void findWhenConnectionDoesNotComeReturnsNullAndGivesItBackLater() throws Exception {
		CountDownLatch free = new CountDownLatch(1);
		CountDownLatch closed = new CountDownLatch(1);
		Connection connection = mock(Connection.class, Mockito.RETURNS_DEEP_STUBS);
		willAnswer((invocation) -> {
			closed.countDown();
			return null;
		}).given(connection).close();
		DataSource pool = mock(DataSource.class);
		given(pool.getConnection()).willAnswer((invocation) -> {
			free.await();
			return connection;
		});
		assertThat(findWithDriver(pool)).isNull();
		free.countDown();
		assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void findWhenConnectionFailsWithAnErrorReturnsNull() throws SQLException {
		DataSource pool = mock(DataSource.class);
		given(pool.getConnection()).willThrow(new StackOverflowError());
		assertThat(findWithDriver(pool)).isNull();
	}

	@Test
	void findWhenDataSourceIsLazyDoesNotCreateIt() {
		try (GenericApplicationContext context = new GenericApplicationContext()) {
			context.registerBean(DataSource.class, () -> {
				throw new IllegalStateException("Created");
			}, (definition) -> definition.setLazyInit(true));
			context.refresh();
			assertThat(InMemoryDatabase.find(context)).isNull();
		}
	}

	private static String find(DataSource... dataSources) {
		try (GenericApplicationContext context = context(dataSources)) {
			return InMemoryDatabase.find(context);
		}
	}

	private static String findWithDriver(DataSource dataSource) {
		try (GenericApplicationContext context = context(dataSource)) {
			context.setClassLoader(new ClassLoader(InMemoryDatabaseTests.class.getClassLoader()) {

				@Override
				protected URL findResource(String name) {
					return name.equals("org/h2/Driver.class")
							? InMemoryDatabaseTests.class.getResource("InMemoryDatabaseTests.class") : null;
				}

			});
			return InMemoryDatabase.find(context);
		}
	}

	private static GenericApplicationContext context(DataSource... dataSources) {
		GenericApplicationContext context = new GenericApplicationContext();
		for (int i = 0; i < dataSources.length; i++) {
			DataSource dataSource = dataSources[i];
			context.registerBean("dataSource" + i, DataSource.class, () -> dataSource);
		}
		context.refresh();
		return context;
	}

	/**
	 * A data source with a property for its URL, like most.
	 */
	static class UrlDataSource extends AbstractTestDataSource {

		private final String url;

		UrlDataSource(String url) {
			this.url = url;
		}

		public String getJdbcUrl() {
			return this.url;
		}

	}

}
