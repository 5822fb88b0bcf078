void f(void); int main() { f(); }
